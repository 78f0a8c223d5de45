import type { Migration } from '../../../shared/model/migration.ts';
import { counted, nearest } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, nextNumber, timestampVersion } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { fileName, readGolangMigrate } from './files.ts';
import { columns, golangMigrateHistory, interpret } from './history.ts';

export const golangMigrate: Tool = {
  id: 'golang-migrate',
  title: 'golang-migrate',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    // It never looks at versions below the current one; they count as applied.
    outOfOrder: 'refused',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: false,
    // It wraps nothing: PostgreSQL makes one transaction of a message, unless the script has its own.
    leavesTransaction: 'always',
    keepsOwnTransactions: true,
    ownLock: 'pg_advisory_lock or GET_LOCK on database and table; none on SQLite',
  },
  detect,
  read: readGolangMigrate,
  history: golangMigrateHistory,
  interpret,
  recognises: (found) =>
    found.length === columns.length && columns.every((name) => found.some((one) => one.toLowerCase() === name)),
  scaffold(name, existing, at) {
    const base = `${nextVersion(existing, at)}_${fileSlug(name)}`;
    return [
      { path: `${base}.up.sql`, text: '\n' },
      { path: `${base}.down.sql`, text: '\n' },
    ];
  },
};

/** As `migrate create`, with `-seq` where the versions so far are such numbers. */
function nextVersion(existing: readonly Migration[], at: Date): string {
  const last = fileName.exec(existing.at(-1)?.up.path ?? '')?.[1];
  return last === undefined || last.length > 9 ? timestampVersion(at) : nextNumber(last);
}

async function detect(root: string): Promise<Detection | null> {
  const { files } = await listFolder(root);
  const named = files.filter((name) => fileName.test(name));
  const versions = new Set(named.map((name) => BigInt(fileName.exec(name)?.[1] ?? '0')));
  if (versions.size === 0) return null;
  const evidence = [`${counted(named.length, 'file')} named like ${printable(named[0] ?? '')}`];
  const module = await nearest(root, ['go.mod']);
  if (module?.head.includes('github.com/golang-migrate/migrate') === true)
    return {
      certainty: 0.95,
      evidence: [...evidence, 'github.com/golang-migrate/migrate in go.mod'],
      migrations: versions.size,
    };
  const recipe = await nearest(root, ['Makefile', 'Taskfile.yml', 'docker-compose.yml', 'compose.yaml']);
  if (recipe !== null && /\bmigrate(?:\/migrate)?\b[^\n]*(?:-path|-source|-database|create -ext)/.test(recipe.head))
    return {
      certainty: 0.85,
      evidence: [...evidence, `a call of migrate in ${recipe.name}`],
      migrations: versions.size,
    };
  // Names like these are several tools': they alone do not decide.
  return { certainty: 0.45, evidence, migrations: versions.size };
}
