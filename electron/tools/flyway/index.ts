import { basename, resolve } from 'node:path';
import type { Migration } from '../../../shared/model/migration.ts';
import { counted, nearest } from '../common/detecting.ts';
import { filesLookedAt, walkFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { withBaselines } from './baselines.ts';
import { readFlyway } from './files.ts';
import { columns, flywayHistory } from './history.ts';
import { foldersOf } from './locations.ts';
import { parseName } from './names.ts';
import { readSettings } from './settings.ts';

export const flyway: Tool = {
  id: 'flyway',
  title: 'Flyway',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    outOfOrder: 'refused',
    downOrder: 'byVersion',
    transactional: true,
    // Its migrate refuses to go on until its repair took the failed row away.
    retriesFailed: false,
    leavesTransaction: 'unmixed',
    ownLock: 'pg_advisory_lock or GET_LOCK on its table’s name; none on SQLite',
  },
  readsIdentity: true,
  detect,
  read: readFlyway,
  history: flywayHistory,
  interpret: withBaselines,
  recognises: (found) => hasColumns(found, columns),
  scaffold(name, existing) {
    const file = `V${nextVersion(existing)}__${fileSlug(name)}.sql`;
    return [{ path: `${folderOfNewest(existing)}${file}`, text: '\n' }];
  },
};

async function detect(root: string): Promise<Detection | null> {
  const settings = await readSettings(root, []);
  const folders = await foldersOf(root, settings, []);
  const files = (await Promise.all(folders.map((folder) => walkFolder(root, folder, filesLookedAt)))).flatMap(
    (found) => found.files,
  );
  const named = files.flatMap((path) => {
    const name = parseName(basename(path), settings);
    return name === null || name.role === 'invalid' || name.role === 'callback' ? [] : [{ path, role: name.role }];
  });
  const migrations = named.filter(({ role }) => role !== 'undo').length;
  if (migrations === 0) return null;
  const evidence = [
    `${counted(named.length, 'file')} named like ${settings.prefixes.versioned}1${settings.separator}description.sql, such as ${printable(named[0]?.path ?? '')}`,
  ];
  if (settings.path !== null)
    return { certainty: 0.95, evidence: [...evidence, `its configuration ${settings.path}`], migrations };
  const build = await nearest(root, [
    'pom.xml',
    'build.gradle',
    'build.gradle.kts',
    'application.properties',
    'application.yml',
  ]);
  if (build !== null && /flyway/i.test(build.head))
    return { certainty: 0.95, evidence: [...evidence, `Flyway is named in ${build.name}`], migrations };
  const roles = new Set(named.map(({ role }) => role));
  if (roles.has('repeatable') || roles.has('baseline'))
    return {
      certainty: 0.85,
      evidence: [...evidence, 'repeatable or baseline migrations, as only Flyway has them'],
      migrations,
    };
  if (/[\\/]db[\\/]migration$/.test(resolve(root)))
    return { certainty: 0.7, evidence: [...evidence, 'the folder db/migration, where Flyway looks first'], migrations };
  // refinery, among others, names files alike.
  return { certainty: 0.45, evidence, migrations };
}

/** One more than the first number of the newest. */
function nextVersion(existing: readonly Migration[]): string {
  const newest = existing.findLast((migration) => migration.kind === 'versioned')?.version ?? '0';
  return String(BigInt(newest.split('.')[0] ?? '0') + 1n);
}

/** Beside the newest, with `/` at its end. */
function folderOfNewest(existing: readonly Migration[]): string {
  const path = existing.findLast((migration) => migration.kind === 'versioned')?.up.path ?? '';
  return path.slice(0, path.lastIndexOf('/') + 1);
}
