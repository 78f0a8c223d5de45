import { counted, nearest } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, timestampVersion } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { lockFile, readPrisma, scriptFile } from './files.ts';
import { columns, prismaHistory } from './history.ts';

export const prisma: Tool = {
  id: 'prisma',
  title: 'Prisma Migrate',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    // `migrate deploy` applies what is missing, in the order of the names.
    outOfOrder: 'allowed',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: false,
    leavesTransaction: 'always',
    keepsOwnTransactions: true,
    ownLock: 'pg_advisory_lock(72707369) or GET_LOCK(prisma_migrate); none on SQLite',
  },
  detect,
  read: readPrisma,
  history: prismaHistory,
  recognises: (found) => hasColumns(found, columns),
  scaffold: (name, _existing, at) => [{ path: `${timestampVersion(at)}_${fileSlug(name)}/${scriptFile}`, text: '\n' }],
};

async function detect(root: string): Promise<Detection | null> {
  const { files, folders } = await listFolder(root);
  const named: string[] = [];
  for (const folder of folders) if ((await listFolder(root, folder)).files.includes(scriptFile)) named.push(folder);
  const locked = files.includes(lockFile);
  if (named.length === 0 && !locked) return null;
  const project = await nearest(root, [
    'schema.prisma',
    'prisma.config.ts',
    'prisma.config.js',
    'prisma/schema.prisma',
  ]);
  const evidence = [
    ...(locked ? [`its ${lockFile}`] : []),
    ...(project === null ? [] : [`${project.name} of the project`]),
    `${counted(named.length, 'folder')} with a ${scriptFile}${named[0] === undefined ? '' : `, such as ${printable(named[0])}`}`,
  ];
  // HMIS has such folders as well: one of Prisma's own files must speak.
  const certainty = locked ? 0.98 : project === null ? 0.4 : 0.9;
  return { certainty, evidence, migrations: named.length };
}
