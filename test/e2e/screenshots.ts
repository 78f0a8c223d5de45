/**
 * Pictures of every screen to look at: `node test/e2e/screenshots.ts FOLDER [only words of a screen's name]`.
 * Environment: LOOKS=all for every size, colour and density; otherwise usual and large, light and dark.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startApp } from './app.ts';
import { type Colours, colours, densities, setDensity, show, sizes } from './appearances.ts';
import { allScreens } from './screens.ts';
import { makeWorkplace } from './workplace.ts';

const [folder, only = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder for the pictures.');
await mkdir(folder, { recursive: true });

const all = process.env['LOOKS'] === 'all';
const wantedSizes = all ? Object.values(sizes) : [sizes.usual, sizes.large];
const wantedColours = all ? (Object.keys(colours) as Colours[]) : (['light', 'dark'] as const);
const wantedDensities = all ? densities : (['comfortable'] as const);

await using workplace = await makeWorkplace();
const app = await startApp({ context: { locale: 'en-GB' } });
const { page } = app;
try {
  for (const screen of await allScreens(page, workplace)) {
    await screen.open();
    if (screen.name.includes(only)) await take(screen.name);
    await screen.close?.();
  }
} finally {
  await app.close();
}

async function take(name: string): Promise<void> {
  for (const colour of wantedColours) {
    await show(page, colour);
    for (const density of wantedDensities) {
      await setDensity(page, density);
      for (const size of wantedSizes) {
        await page.setViewportSize(size);
        const words = [name, colour, ...(all ? [density] : []), String(size.width)].join(' ');
        await page.screenshot({
          path: join(folder ?? '', `${words.replaceAll(' ', '-')}.png`),
          animations: 'disabled',
        });
      }
    }
  }
}
