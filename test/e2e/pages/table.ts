import type { Locator, Page } from 'playwright-core';

export const table = (page: Page, label: string): Locator => page.getByRole('grid', { name: label, exact: true });

export type TableRow = Readonly<Record<string, string>>;

/** The rows on screen in order, each by its columns' titles. Waits for the first one. */
export async function rowsOf(page: Page, label: string): Promise<readonly TableRow[]> {
  const grid = table(page, label);
  await grid.getByRole('gridcell').first().waitFor();
  const titles = (await grid.getByRole('columnheader').allInnerTexts()).map((title) =>
    title.replace(/[↑↓]/g, '').trim(),
  );
  const rows = await grid.locator('tbody').getByRole('row').all();
  return Promise.all(
    rows.map(async (row) => {
      const cells = await row.getByRole('gridcell').allInnerTexts();
      return Object.fromEntries(titles.map((title, position) => [title, (cells[position] ?? '').trim()]));
    }),
  );
}
