/** The README's picture, of a new demo: `node test/e2e/readmeScreenshot.ts DATA_DIRECTORY`, since its path is to be seen. */
import { join } from 'node:path';
import { startApp } from './app.ts';
import { environmentPage } from './pages/environmentPage.ts';
import { firstRun } from './pages/firstRun.ts';

const [dataDirectory] = process.argv.slice(2);
if (dataDirectory === undefined) throw new Error('Name a new data directory.');

const app = await startApp({ dataDirectory, context: { locale: 'en-GB' } });
try {
  const { page } = app;
  await firstRun(page).createDemo();
  await environmentPage(page).open('bakery-production');
  await environmentPage(page).step('1.8.0').waitFor();
  await environmentPage(page).card('Attention').getByText('1 changed').waitFor();
  // Whose computer it was taken on is nobody's business.
  await page.locator('.sidebar-foot').evaluate((foot) => foot.remove());
  await page.screenshot({ path: join(import.meta.dirname, 'readme-screenshot.png'), animations: 'disabled' });
} finally {
  await app.close();
}
