import { raise } from '../../../shared/problem.ts';
import { counted, nearest, sampled } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import type { Detection, Tool } from '../tool.ts';
import { committedFolder, fileName, readGraphileMigrate } from './files.ts';
import { columns, graphileMigrateHistory, lockKey } from './history.ts';
import { configNames } from './settings.ts';

export const graphileMigrate: Tool = {
  id: 'graphile-migrate',
  title: 'graphile-migrate',
  engines: ['postgres'],
  rules: {
    // It applies what has a larger number than the last one; the chain of hashes allows nothing between.
    outOfOrder: 'refused',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: true,
    ownLock: `pg_advisory_lock(${lockKey})`,
  },
  detect,
  read: readGraphileMigrate,
  history: graphileMigrateHistory,
  recognises: (found) => found.length === columns.length && hasColumns(found, columns),
  scaffold: () =>
    raise({
      code: 'source.unsupported',
      message: 'graphile-migrate numbers and hashes a migration when it is committed.',
      hint: 'Write it into migrations/current.sql, then run: graphile-migrate commit',
    }),
};

async function detect(root: string): Promise<Detection | null> {
  const folder = await committedFolder(root);
  const names = (await listFolder(root, folder)).files.filter((name) => fileName.test(name));
  const paths = names.map((name) => (folder === '' ? name : `${folder}/${name}`));
  const { speaking, looked } = await sampled(root, paths, (head) => /^--! Previous: /m.test(head));
  const config = await nearest(root, configNames);
  if (speaking === 0) return null;
  const evidence = [
    `the header "--! Previous: " in ${speaking} of ${looked} looked at, such as ${printable(names[0] ?? '')}`,
    counted(names.length, 'committed file'),
    ...(config === null ? [] : [`its configuration ${config.name}`]),
  ];
  return { certainty: config === null ? 0.9 : 0.98, evidence, migrations: names.length };
}
