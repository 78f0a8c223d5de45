import { cargoDependency, counted, sampled } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, timestampVersion } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { fileName, readSqlx } from './files.ts';
import { columns, sqlxHistory } from './history.ts';
import { readSettings } from './settings.ts';

export const sqlx: Tool = {
  id: 'sqlx',
  title: 'sqlx',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    outOfOrder: 'allowed',
    downOrder: 'byVersion',
    transactional: true,
    // Every command of its stops until the row is gone.
    retriesFailed: false,
    ownLock: 'the lock of the library’s migrator, by the database’s name; sqlx-cli takes none, SQLite has none',
  },
  detect,
  read: (folder) => readSqlx(folder),
  history: sqlxHistory,
  recognises: (found) => found.length === columns.length && hasColumns(found, columns),
  scaffold(name, existing, at) {
    const base = `${timestampVersion(at)}_${fileSlug(name)}`;
    const newest = existing.at(-1)?.up.path ?? '';
    const folder = newest.slice(0, newest.lastIndexOf('/') + 1);
    // As sqlx does it: pairs where there are pairs.
    if (existing.length > 0 && !newest.endsWith('.up.sql'))
      return [{ path: `${folder}${base}.sql`, text: '-- Add migration script here\n' }];
    return [
      { path: `${folder}${base}.up.sql`, text: '-- Add up migration script here\n' },
      { path: `${folder}${base}.down.sql`, text: '-- Add down migration script here\n' },
    ];
  },
};

async function detect(root: string): Promise<Detection | null> {
  const settings = await readSettings(root, []);
  const { files } = await listFolder(root, settings.folder);
  const named = files.filter((name) => /^\d/.test(name) && fileName.test(name));
  const migrations = named.filter((name) => !name.endsWith('.down.sql')).length;
  if (migrations === 0) return null;
  const evidence = [
    `${counted(named.length, 'file')} named by a number and a name, such as ${printable(named[0] ?? '')}`,
  ];
  if (settings.path !== null)
    return { certainty: 0.95, evidence: [...evidence, `its configuration ${settings.path}`], migrations };
  const foreign = await sampled(root, named, (head) =>
    /^\s*--\s*(?:migrate:|\+goose\b|lockkeeper:(?!\s*accept\b))/im.test(head),
  );
  if (foreign.speaking > 0) return null;
  if ((await cargoDependency(root, ['sqlx'])) !== null)
    return { certainty: 0.9, evidence: [...evidence, 'Cargo.toml depends on sqlx'], migrations };
  const { speaking } = await sampled(root, named, (head) => head.startsWith('-- no-transaction'));
  if (speaking > 0)
    return { certainty: 0.6, evidence: [...evidence, 'a file that begins with "-- no-transaction"'], migrations };
  return { certainty: named.some((name) => name.endsWith('.up.sql')) ? 0.4 : 0.15, evidence, migrations };
}
