import { raise } from '../../../shared/problem.ts';
import { counted, sampled } from '../common/detecting.ts';
import { filesLookedAt, listFolder, walkFolder } from '../common/folder.ts';
import { hasExactly } from '../common/historyRows.ts';
import { fileSlug } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { isMigration, manager, readDjango } from './files.ts';
import { columns, djangoHistory } from './history.ts';

export const django: Tool = {
  id: 'django',
  title: 'Django',
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
  read: (folder) => readDjango(folder),
  history: djangoHistory,
  recognises: (found) => hasExactly(found, columns),
  scaffold: (name) =>
    raise({
      code: 'source.unsupported',
      message: 'A migration of Django follows from its models, and names those before it: Django writes it.',
      hint: `Run: python manage.py makemigrations --name ${fileSlug(name)}`,
    }),
};

async function detect(root: string): Promise<Detection | null> {
  const { files } = await listFolder(root);
  const named = (await walkFolder(root, '', filesLookedAt)).files.filter(isMigration);
  const { looked, speaking } = await sampled(root, named, (head) => /\bmigrations\.Migration\b/.test(head));
  if (speaking === 0) return null;
  const found = files.includes(manager);
  const evidence = [
    ...(found ? [manager] : []),
    `migrations of Django in ${speaking} of ${looked} files looked at`,
    counted(named.length, 'migration'),
  ];
  return { certainty: found ? 0.98 : 0.9, evidence, migrations: named.length };
}
