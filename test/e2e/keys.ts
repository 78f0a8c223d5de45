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
export async function tabTo(page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < mostStops; presses += 1) {
    const now = await focused(page);
    if (typeof name === 'string' ? now === name : name.test(now)) return;
    passed.push(now);
    await page.keyboard.press(key);
  }
  expect.fail(`Tab does not lead to ${name}; it leads to ${passed.join(' | ')}`);
}
