import { raise } from '../../../shared/problem.ts';
import { counted, headOf, sampled } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { printable } from '../common/problems.ts';
import { fileSlug } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { fileName, readRails } from './files.ts';
import { railsHistory } from './history.ts';
import { structureFile } from './structure.ts';

export const rails: Tool = {
  id: 'rails',
  title: 'Rails',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    outOfOrder: 'allowed',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: true,
    ownLock: 'pg_advisory_lock or GET_LOCK on the database’s name; none on SQLite',
  },
  detect,
  read: (folder) => readRails(folder),
  history: railsHistory,
  // dbmate's looks the same: the files decide.
  recognises: (columns) => columns.length === 1 && columns[0]?.toLowerCase() === 'version',
  scaffold: (name) =>
    raise({
      code: 'source.unsupported',
      message: 'Migrations of Rails are written in Ruby, which cannot be run here.',
      hint: `Run: rails generate migration ${fileSlug(name)}`,
    }),
};

async function detect(root: string): Promise<Detection | null> {
  const named = (await listFolder(root)).files.filter((name) => fileName.test(name));
  const { looked, speaking } = await sampled(root, named, (head) => head.includes('ActiveRecord::Migration'));
  if (speaking === 0) return null;
  const dumped = (await headOf(root, `../${structureFile}`)) !== null;
  const evidence = [
    `ActiveRecord::Migration in ${speaking} of ${looked} looked at, such as ${printable(named[0] ?? '')}`,
    counted(named.length, 'Ruby file'),
    ...(dumped ? [`${structureFile} beside the folder`] : []),
  ];
  return { certainty: 0.95, evidence, migrations: named.length };
}
