import { basename } from 'node:path';
import { cargoDependency, counted, nearest } from '../common/detecting.ts';
import { filesLookedAt, walkFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { fileName, readRefinery } from './files.ts';
import { columns, refineryHistory } from './history.ts';

export const refinery: Tool = {
  id: 'refinery',
  title: 'refinery',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    // Of those that begin with V; U may come later.
    outOfOrder: 'refused',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: true,
    ownLock: null,
  },
  detect,
  read: (folder) => readRefinery(folder),
  history: refineryHistory,
  recognises: (found) => found.length === columns.length && hasColumns(found, columns),
  scaffold(name, existing) {
    const next = BigInt(existing.at(-1)?.version ?? '0') + 1n;
    return [{ path: `V${next}__${fileSlug(name)}.sql`, text: '\n' }];
  },
};

async function detect(root: string): Promise<Detection | null> {
  const { files } = await walkFolder(root, '', filesLookedAt);
  const named = files.filter((path) => fileName.test(basename(path)));
  if (named.length === 0) return null;
  const evidence = [`${counted(named.length, 'file')} named like V1__name.sql, such as ${printable(named[0] ?? '')}`];
  const crate = await cargoDependency(root, ['refinery', 'refinery-core']);
  const config = await nearest(root, ['refinery.toml']);
  const reason =
    config !== null ? 'its configuration refinery.toml' : crate !== null ? `Cargo.toml depends on ${crate}` : null;
  // Flyway names files alike, and is met more often.
  if (reason === null) return { certainty: 0.2, evidence, migrations: named.length };
  return { certainty: 0.95, evidence: [...evidence, reason], migrations: named.length };
}
