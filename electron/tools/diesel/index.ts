import { cargoDependency, counted, headOf, nearest } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { migrationsFolder, readDiesel } from './files.ts';
import { columns, dieselHistory } from './history.ts';

export const diesel: Tool = {
  id: 'diesel',
  title: 'diesel',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: { outOfOrder: 'allowed', downOrder: 'byVersion', transactional: true, retriesFailed: true, ownLock: null },
  detect,
  read: (folder) => readDiesel(folder),
  history: dieselHistory,
  recognises: (found) => found.length === columns.length && hasColumns(found, columns),
  scaffold(name, existing, at) {
    const newest = existing.at(-1)?.up.path.split('/').slice(0, -2).join('/') ?? '';
    const stamp = at.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
    const folder = `${newest === '' ? '' : `${newest}/`}${stamp}_${fileSlug(name)}`;
    return [
      { path: `${folder}/up.sql`, text: '-- Your SQL goes here\n' },
      { path: `${folder}/down.sql`, text: '-- This file should undo anything in `up.sql`\n' },
    ];
  },
};

/** As `diesel migration generate` names them; and the one that `diesel setup` makes. */
const generated = /^(?:\d{4}-\d{2}-\d{2}-\d{6}(?:-\d{4})?|0{14})_/;

async function detect(root: string): Promise<Detection | null> {
  const base = await migrationsFolder(root, []);
  const { folders } = await listFolder(root, base);
  const named = folders.filter((name) => /^\d[\d-]*_/.test(name));
  const scripts = await Promise.all(
    named.map((name) => headOf(root, `${base === '' ? '' : `${base}/`}${name}/up.sql`)),
  );
  const migrations = scripts.filter((head) => head !== null).length;
  if (migrations === 0) return null;
  const evidence = [`${counted(migrations, 'folder')} with an up.sql, such as ${printable(named[0] ?? '')}`];
  const reasons = [
    (await nearest(root, ['diesel.toml'])) === null ? '' : 'its configuration diesel.toml',
    (await cargoDependency(root, ['diesel'])) === null ? '' : 'Cargo.toml depends on diesel',
    named.some((name) => generated.test(name)) ? 'folders named by a time with dashes, as diesel names them' : '',
  ].filter((reason) => reason !== '');
  const certainty = reasons.length === 0 ? 0.4 : reasons.length === 1 ? 0.85 : 0.95;
  return { certainty, evidence: [...evidence, ...reasons], migrations };
}
