import { counted, sampled } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, timestampVersion } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { fileName, markOf, readDbmate } from './files.ts';
import { dbmateHistory } from './history.ts';

export const dbmate: Tool = {
  id: 'dbmate',
  title: 'dbmate',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    // Without --strict, dbmate applies older pending migrations too.
    outOfOrder: 'allowed',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: true,
    ownLock: null,
  },
  detect,
  read: (folder) => readDbmate(folder),
  history: dbmateHistory,
  recognises: (columns) => columns.length === 1 && columns[0]?.toLowerCase() === 'version',
  scaffold: (name, _existing, at) => [
    { path: `${timestampVersion(at)}_${fileSlug(name)}.sql`, text: '-- migrate:up\n\n\n-- migrate:down\n\n' },
  ],
};

async function detect(root: string): Promise<Detection | null> {
  const { files } = await listFolder(root);
  const named = files.filter((name) => fileName.test(name));
  const { looked, speaking } = await sampled(root, named, (head) =>
    head.split('\n').some((line) => markOf(line) !== null),
  );
  if (speaking === 0) return null;
  const evidence = [
    `${counted(named.length, 'file')} named by dbmate's pattern, such as ${printable(named[0] ?? '')}`,
    `"-- migrate:up" or "-- migrate:down" in ${speaking} of ${looked} looked at`,
  ];
  return { certainty: 0.5 + (0.45 * speaking) / looked, evidence, migrations: named.length };
}
