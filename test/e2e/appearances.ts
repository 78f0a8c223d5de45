/** How a window can look: what every screen must hold in. */
import type { Page } from 'playwright-core';

export const colours = {
  light: { colorScheme: 'light', contrast: 'no-preference' },
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  'high contrast': { colorScheme: 'light', contrast: 'more' },
  'high contrast dark': { colorScheme: 'dark', contrast: 'more' },
} as const;

export type Colours = keyof typeof colours;

/** As the system would; resolves when no colour is changing any more. */
export async function show(page: Page, name: Colours): Promise<void> {
  const media = colours[name];
  await page.emulateMedia(media);
  await page.waitForFunction(hasSettled, media);
}

/** Run in the page. */
const hasSettled = ({ colorScheme, contrast }: { colorScheme: string; contrast: string }): boolean => {
  const { dataset } = document.documentElement;
  return (
    dataset['mantineColorScheme'] === colorScheme &&
    dataset['contrast'] === (contrast === 'more' ? 'more' : 'usual') &&
    !document.getAnimations().some((animation) => animation instanceof CSSTransition)
  );
};

/** In CSS pixels: the smallest window at 200 %, the smallest, a usual one, a large one, 4K. */
export const sizes = {
  'small, 200 %': { width: 512, height: 350 },
  small: { width: 1024, height: 700 },
  usual: { width: 1280, height: 800 },
  large: { width: 1920, height: 1080 },
  '4K': { width: 3840, height: 2160 },
} as const;

export const densities = ['comfortable', 'compact'] as const;

/** As the settings do it. */
export const setDensity = (page: Page, density: (typeof densities)[number]): Promise<void> =>
  page.evaluate((chosen) => {
    document.documentElement.dataset['density'] = chosen;
  }, density);
