import { raise } from '../../../shared/problem.ts';
import { counted, headOf, nearest } from '../common/detecting.ts';
import { fileSlug } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { readDrizzle } from './files.ts';
import { columns, drizzleHistory } from './history.ts';
import { journalFile, readJournal } from './journal.ts';
import { configNames } from './settings.ts';

export const drizzle: Tool = {
  id: 'drizzle',
  title: 'Drizzle',
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
  read: readDrizzle,
  history: drizzleHistory,
  recognises: (found) => found.length === columns.length && columns.every((name) => found.includes(name)),
  scaffold: (name) =>
    raise({
      code: 'source.unsupported',
      message: 'A migration of Drizzle needs its entry in the journal and a snapshot, which drizzle-kit writes.',
      hint: `Run: drizzle-kit generate --custom --name ${fileSlug(name)}`,
    }),
};

async function detect(root: string): Promise<Detection | null> {
  const head = await headOf(root, journalFile);
  if (head === null || !head.includes('"entries"')) return null;
  const journal = await readJournal(root, []);
  const config = await nearest(root, configNames);
  const migrations = journal?.entries.length ?? 0;
  const evidence = [
    `${journalFile}, which lists ${counted(migrations, 'migration')}`,
    ...(config === null ? [] : [`${config.name} of the project`]),
  ];
  return { certainty: config === null ? 0.9 : 0.98, evidence, migrations };
}
