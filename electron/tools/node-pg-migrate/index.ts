import { counted, sampled } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { printable } from '../common/problems.ts';
import { fileSlug } from '../common/versions.ts';
import { asksFor } from '../programs/packages.ts';
import { projectOf } from '../programs/readProgram.ts';
import type { Detection, Tool } from '../tool.ts';
import { isMigration, readNodePgMigrate } from './files.ts';
import { columns, lockId, nodePgMigrateHistory } from './history.ts';
import { directionOf } from './sqlFile.ts';

export const nodePgMigrate: Tool = {
  id: 'node-pg-migrate',
  title: 'node-pg-migrate',
  engines: ['postgres'],
  rules: {
    // Its check of the order (on by default) stops before anything that would run out of order.
    outOfOrder: 'refused',
    downOrder: 'byHistory',
    transactional: true,
    retriesFailed: true,
    ownLock: `pg_advisory_lock(${lockId})`,
  },
  detect,
  read: (folder) => readNodePgMigrate(folder),
  history: nodePgMigrateHistory,
  recognises: (found) => found.length === columns.length && columns.every((name) => found.includes(name)),
  scaffold: (name, existing, at) => {
    const extension = existing.at(-1)?.up.path.endsWith('.sql') === true ? 'sql' : 'js';
    return [
      {
        path: `${at.getTime()}_${fileSlug(name)}.${extension}`,
        text: extension === 'sql' ? '-- Up Migration\n\n\n-- Down Migration\n\n' : newProgram,
      },
    ];
  },
};

const newProgram = `exports.up = (pgm) => {

};

exports.down = (pgm) => {

};
`;

async function detect(root: string): Promise<Detection | null> {
  const { files } = await listFolder(root);
  const named = files.filter(isMigration);
  const asked = asksFor(projectOf(root), 'node-pg-migrate');
  const { looked, speaking } = await sampled(root, named, speaks);
  // A project may ask for the package and keep other migrations too: numbers as only this tool gives them must speak.
  if (speaking === 0 && !(asked && named.some((name) => /^(\d{13}|\d{17})\D/.test(name)))) return null;
  const evidence = [
    ...(asked ? ['node-pg-migrate in the project’s package.json'] : []),
    ...(speaking > 0 ? [`its builder “pgm”, or its markers in SQL, in ${speaking} of ${looked} looked at`] : []),
    `${counted(named.length, 'file')} such as ${printable(named[0] ?? '')}`,
  ];
  const spoken = looked === 0 ? 0 : speaking / looked;
  return { certainty: asked ? 0.9 + 0.1 * spoken : 0.5 + 0.4 * spoken, evidence, migrations: named.length };
}

/** The marker that Guest Registration has too is told by the words that only that one adds. */
function speaks(head: string): boolean {
  if (/\bpgm\b|MigrationBuilder/.test(head)) return true;
  return head.split('\n').some((line) => directionOf(line) !== null) && !/^-- Down Migration \(Rollback\)/m.test(head);
}
