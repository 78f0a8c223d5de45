/** Walking a page by keyboard alone. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Accessible name of what has the focus, as far as a test needs it. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return '';
    const referred = (element.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' ');
    const label = (element as HTMLInputElement).labels?.[0]?.textContent ?? '';
    const words = [referred, element.getAttribute('aria-label') ?? '', label, element.textContent ?? ''];
    return words.map((text) => text.trim()).find((text) => text !== '') ?? '';
  });

const mostStops = 150;

/** Presses Tab until the focus is on what has this name. */
export const tabTo = (page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> =>
  walk(page, name, key, mostStops);

async function walk(page: Page, name: string | RegExp, key: string, most: number): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < most; presses += 1) {
    const now = await focused(page);
    if (typeof name === 'string' ? now === name : name.test(now)) return;
    passed.push(now);
    await page.keyboard.press(key);
  }
  expect.fail(`${key} does not lead to ${name}; it leads to ${passed.join(' | ')}`);
}

/** Presses the arrow until the focus is on what has this name, as in a menu, among tabs or in a row. */
export async function arrowTo(
  page: Page,
  name: string | RegExp,
  key: 'ArrowDown' | 'ArrowRight' | 'ArrowLeft' = 'ArrowDown',
): Promise<void> {
  await walk(page, name, key, 30);
}

/** The keys of a page that is opened later than the test file is read. */
export function keysOf(page: () => Page) {
  const walkTo = (name: string | RegExp, key?: 'Tab' | 'Shift+Tab'): Promise<void> => tabTo(page(), name, key);
  const press = (key: string): Promise<void> => page().keyboard.press(key);
  return {
    focused: () => focused(page()),
    tabTo: walkTo,
    press,
    heading: (name: string | RegExp) => page().getByRole('heading', { name, level: 1 }),
    /** Walks there and presses Enter. */
    async use(name: string | RegExp, key?: 'Tab' | 'Shift+Tab'): Promise<void> {
      await walkTo(name, key);
      await press('Enter');
    },
  };
}

/** Has the command palette do what is called so. */
export async function chooseInPalette(page: Page, words: string): Promise<void> {
  await typeInPalette(page, words);
  // Before that Enter would mean nothing, or another row.
  await page.locator('.palette-action[data-selected]').filter({ hasText: words }).waitFor();
  await page.keyboard.press('Enter');
}

/** Opens the command palette and types there, once it hears. */
export async function typeInPalette(page: Page, words: string): Promise<void> {
  // Before there is a screen nobody hears the key.
  await page.locator('main h1').first().waitFor();
  await page.keyboard.press('Control+k');
  await page.locator('input[aria-label="Find a command or an environment"]:focus').waitFor();
  await page.keyboard.type(words);
}
