import { counted, sampled } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, timestampVersion } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { fileName, readGoose } from './files.ts';
import { columns, gooseHistory } from './history.ts';

export const goose: Tool = {
  id: 'goose',
  title: 'goose',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    // Without -allow-missing its up stops.
    outOfOrder: 'refused',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: true,
    // Only programs that use its library may choose one.
    ownLock: null,
  },
  detect,
  read: readGoose,
  history: gooseHistory,
  recognises: (found) => found.length === columns.length && hasColumns(found, columns),
  scaffold: (name, _existing, at) => [
    {
      path: `${timestampVersion(at)}_${fileSlug(name)}.sql`,
      text: '-- +goose Up\n-- +goose StatementBegin\n\n-- +goose StatementEnd\n\n-- +goose Down\n-- +goose StatementBegin\n\n-- +goose StatementEnd\n',
    },
  ],
};

async function detect(root: string): Promise<Detection | null> {
  const { files } = await listFolder(root);
  const named = files.filter((name) => fileName.test(name) && !name.endsWith('_test.go'));
  const speaks = (head: string) => /^--\s*\+goose\s/im.test(head) || /\bgoose\.Add(?:Named)?Migration/.test(head);
  const { looked, speaking } = await sampled(root, named, speaks);
  if (speaking === 0) return null;
  const evidence = [
    `${counted(named.length, 'file')} named by a number, such as ${printable(named[0] ?? '')}`,
    `"-- +goose" or its Go functions in ${speaking} of ${looked} looked at`,
  ];
  return { certainty: 0.5 + (0.45 * speaking) / looked, evidence, migrations: named.length };
}
