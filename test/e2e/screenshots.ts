/** Pictures of every screen, small and large, light and dark, to look at: `node test/e2e/screenshots.ts FOLDER`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startApp } from './app.ts';
import { allScreens } from './screens.ts';
import { makeWorkplace } from './workplace.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder for the pictures.');
await mkdir(folder, { recursive: true });

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
await using workplace = await makeWorkplace();
const app = await startApp({ context: { locale: 'en-GB' } });
const { page } = app;
try {
  for (const screen of await allScreens(page, workplace)) {
    await screen.open();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const size of sizes) {
        await page.setViewportSize(size);
        const name = `${screen.name.replaceAll(' ', '-')}-${colorScheme}-${size.width}.png`;
        await page.screenshot({ path: join(folder, name), animations: 'disabled' });
      }
    }
    await screen.close?.();
  }
} finally {
  await app.close();
}
