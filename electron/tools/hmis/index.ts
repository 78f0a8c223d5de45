import type { Migration } from '../../../shared/model/migration.ts';
import { counted, headOf } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { compareSegments } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { downName, infoName, numbersOf, readHmis, upName } from './files.ts';
import { columns, hmisHistory } from './history.ts';

export const hmis: Tool = {
  id: 'hmis',
  title: 'HMIS',
  engines: ['mysql'],
  rules: {
    outOfOrder: 'allowed',
    downOrder: 'byVersion',
    transactional: false,
    retriesFailed: true,
    // Its lock is a flag in its own process.
    ownLock: null,
  },
  detect,
  read: (folder) => readHmis(folder),
  history: hmisHistory,
  recognises: (found) => hasColumns(found, columns),
  scaffold(name, existing, at) {
    const version = nextVersion(existing);
    const info = {
      version,
      description: name,
      author: '',
      date: at.toISOString().slice(0, 10),
      githubIssue: '',
      estimatedDurationMinutes: 1,
      requiresDowntime: false,
      affectedTables: [],
      affectedModules: [],
      dependencies: [],
      preRequisites: [],
      postMigrationVerification: [],
      rollbackNotes: '',
    };
    return [
      { path: `${version}/${upName}`, text: `-- ${name.replace(/\s+/g, ' ')}\n` },
      { path: `${version}/${downName}`, text: '' },
      { path: `${version}/${infoName}`, text: `${JSON.stringify(info, null, 4)}\n` },
    ];
  },
};

async function detect(root: string): Promise<Detection | null> {
  const { folders } = await listFolder(root);
  const named = folders.filter((name) => /^v\d/.test(name));
  const scripts = await Promise.all(named.map((name) => headOf(root, `${name}/${upName}`)));
  const found = named.filter((_, index) => scripts[index] !== null);
  if (found.length === 0) return null;
  const infos = await Promise.all(found.map((name) => headOf(root, `${name}/${infoName}`)));
  const described = infos.filter((info) => info !== null).length;
  const evidence = [`${counted(found.length, 'version folder')} with ${upName}, such as ${printable(found[0] ?? '')}`];
  if (described === 0) return { certainty: 0.8, evidence, migrations: found.length };
  return { certainty: 0.95, evidence: [...evidence, `${infoName} in ${described} of them`], migrations: found.length };
}

/** After v2.1.9 comes v2.1.10. */
function nextVersion(existing: readonly Migration[]): string {
  const newest = existing
    .map((migration) => numbersOf(migration.version))
    .sort(compareSegments)
    .at(-1);
  const segments = newest?.split('.') ?? ['1', '0', '-1'];
  return `v${segments.with(-1, String(Number(segments.at(-1)) + 1)).join('.')}`;
}
