/** What the system hands to the application: bundles by double-click or dropped on its icon, and links to its screens. */
import { extname, resolve } from 'node:path';
import { app } from 'electron';
import { linkedFragment } from './deepLink.ts';

const bundleExtension = '.lkb';

/**
 * Tells the fragment of the page that shows it. Nothing is read and nothing is started: a page that a link opens asks
 * as always. Call it before the application is ready: macOS tells by events that may come earlier.
 */
export function tellOfOpened(open: (fragment: string) => void): void {
  const tell = (words: readonly string[], folder: string): void => {
    const fragment = fragmentOf(words, folder);
    if (fragment !== null) open(fragment);
  };
  app.on('open-file', (event, path) => {
    event.preventDefault();
    tell([path], '/');
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    tell([url], '/');
  });
  app.on('second-instance', (_event, words, folder) => tell(words.slice(1), folder));
  tell(process.argv.slice(1), process.cwd());
}

/** Of the first word that is a bundle or a link; others mean Electron or Chromium. */
function fragmentOf(words: readonly string[], folder: string): string | null {
  for (const word of words) {
    const linked = linkedFragment(word);
    if (linked !== null) return linked;
    if (!word.startsWith('-') && extname(word).toLowerCase() === bundleExtension)
      return `#/bundles?${new URLSearchParams({ file: resolve(folder, word) }).toString()}`;
  }
  return null;
}
