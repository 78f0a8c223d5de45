/** The support bundle from the command palette, where Help in Electron's menu leads, too. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startApp } from './app.ts';
import { chooseInPalette } from './keys.ts';

test('is written from wherever one is, and its path is shown', async () => {
  const app = await startApp();
  try {
    const { page } = app;
    await page.getByRole('heading', { level: 1 }).waitFor();
    await chooseInPalette(page, 'support bundle');
    const dialog = page.getByRole('dialog', { name: 'Support bundle' });
    await dialog.getByRole('button', { name: 'Write the support bundle' }).click();
    const path = await dialog.getByText(/lockkeeper-support-\w+\.json\.gz$/).textContent();
    expect(existsSync(path?.trim() ?? '')).toBe(true);
  } finally {
    await app.close();
  }
});
