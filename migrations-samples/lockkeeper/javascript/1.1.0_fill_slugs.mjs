import { slugOf } from './lib/slug.mjs';

export const description = 'Every plant gets the name it has in addresses';
export const metadata = {
  author: 'Garden shop',
  issue: 'SHOP-7',
  estimated: '5s',
  tables: ['plants'],
  requires: ['1.0.0'],
};

export async function up({ query, log, progress }) {
  const plants = await query('SELECT id, name FROM plants WHERE slug IS NULL ORDER BY id');
  for (const [index, { id, name }] of plants.entries()) {
    await query('UPDATE plants SET slug = $1 WHERE id = $2', [slugOf(name), id]);
    progress(index + 1, plants.length);
  }
  log(`${plants.length} plants have a slug now`);
}

export async function down({ query }) {
  await query('UPDATE plants SET slug = NULL');
}
