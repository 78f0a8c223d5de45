import { counted } from '../common/detecting.ts';
import { walkFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, nextNumber } from '../common/versions.ts';
import { readManifest } from '../programs/packages.ts';
import { projectOf } from '../programs/readProgram.ts';
import type { Detection, Tool } from '../tool.ts';
import { fileName, readPostgrator } from './files.ts';
import { columns, postgratorHistory } from './history.ts';

export const postgrator: Tool = {
  id: 'postgrator',
  title: 'postgrator',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    // It never runs one that is older than the newest applied, without a word.
    outOfOrder: 'warned',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: true,
    leavesTransaction: 'always',
    keepsOwnTransactions: true,
    ownLock: null,
  },
  detect,
  read: (folder) => readPostgrator(folder),
  history: postgratorHistory,
  recognises: (found) => found.length === columns.length && hasColumns(found, columns),
  scaffold(name, existing) {
    const last = fileName.exec(existing.at(-1)?.up.path ?? '')?.[1] ?? '000';
    const [number, slug] = [nextNumber(last), fileSlug(name)];
    return [
      { path: `${number}.do.${slug}.sql`, text: '\n' },
      { path: `${number}.undo.${slug}.sql`, text: '\n' },
    ];
  },
};

async function detect(root: string): Promise<Detection | null> {
  const named = (await walkFolder(root)).files.filter((path) => fileName.test(path));
  const ups = new Set(named.flatMap((path) => (fileName.exec(path)?.[2] === 'do' ? [fileName.exec(path)?.[1]] : [])));
  if (ups.size === 0) return null;
  const { dependencies, devDependencies } = readManifest(projectOf(root));
  const asked = Object.keys({ ...dependencies, ...devDependencies }).find((name) => /^postgrator(-cli)?$/.test(name));
  const evidence = [
    `${counted(named.length, 'file')} named with ".do." or ".undo.", such as ${printable(named[0] ?? '')}`,
    ...(asked === undefined ? [] : [`${asked} in the project’s package.json`]),
  ];
  return { certainty: asked === undefined ? 0.85 : 0.97, evidence, migrations: ups.size };
}
