import { raise } from '../../../shared/problem.ts';
import { counted, sampled } from '../common/detecting.ts';
import { walkFolder } from '../common/folder.ts';
import { hasExactly } from '../common/historyRows.ts';
import { fileSlug } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { placesOf, readAlembic, settingsFile } from './files.ts';
import { alembicHistory, columns, interpret } from './history.ts';

export const alembic: Tool = {
  id: 'alembic',
  title: 'Alembic',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    outOfOrder: 'allowed',
    downOrder: 'byVersion',
    // Its own command decides, over a connection of its own.
    transactional: false,
    retriesFailed: true,
    ownLock: null,
  },
  detect,
  read: (folder) => readAlembic(folder),
  history: alembicHistory,
  interpret,
  recognises: (found) => hasExactly(found, columns),
  scaffold: (name) =>
    raise({
      code: 'source.unsupported',
      message: 'A revision of Alembic names the one before it, which Alembic writes.',
      hint: `Run: alembic revision -m "${fileSlug(name)}"`,
    }),
};

async function detect(root: string): Promise<Detection | null> {
  const { found, versions } = await placesOf(root, []);
  const files: string[] = [];
  for (const folder of versions) files.push(...(await walkFolder(root, folder, 2000)).files);
  const code = files.filter((path) => path.endsWith('.py') && !path.includes('__'));
  const { looked, speaking } = await sampled(root, code, (head) => /^down_revision\b/m.test(head));
  if (speaking === 0 && !found) return null;
  const evidence = [
    ...(found ? [settingsFile] : []),
    ...(speaking > 0 ? [`down_revision in ${speaking} of ${looked} Python files looked at`] : []),
    counted(code.length, 'revision'),
  ];
  return { certainty: found ? 0.98 : 0.9, evidence, migrations: code.length };
}
