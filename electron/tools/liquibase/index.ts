import { extname } from 'node:path';
import { counted, headOf, sampled } from '../common/detecting.ts';
import { walkFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, timestampVersion } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { changelogExtensions } from './changelog.ts';
import { readLiquibase } from './files.ts';
import { columns, liquibaseHistory } from './history.ts';
import { isChangelogHead } from './project.ts';

export const liquibase: Tool = {
  id: 'liquibase',
  title: 'Liquibase',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    outOfOrder: 'allowed',
    downOrder: 'byHistory',
    transactional: true,
    retriesFailed: true,
    ownLock: 'the row of DATABASECHANGELOGLOCK',
    manyInOneFile: true,
  },
  readsIdentity: true,
  detect,
  read: readLiquibase,
  history: liquibaseHistory,
  recognises: (found) => hasColumns(found, columns),
  scaffold: (name, existing, at) => {
    const author = existing.at(-1)?.metadata.author ?? 'author';
    const id = `${timestampVersion(at)}-${fileSlug(name)}`;
    return [
      {
        path: `${timestampVersion(at)}_${fileSlug(name)}.sql`,
        text: `--liquibase formatted sql\n\n--changeset ${author}:${id}\n--comment: ${name.replace(/\s+/g, ' ')}\n\n--rollback \n`,
      },
    ];
  },
};

async function detect(root: string): Promise<Detection | null> {
  const { files } = await walkFolder(root);
  const named = files.filter((path) => changelogExtensions.has(extname(path).toLowerCase()));
  const settings = await headOf(root, 'liquibase.properties');
  const { speaking } = await sampled(
    root,
    named,
    (head) => isChangelogHead('x.xml', head) || isChangelogHead('x.sql', head),
  );
  if (speaking === 0) return null;
  const sets = await countChangeSets(root, named);
  const evidence = [
    ...(settings === null ? [] : ['liquibase.properties']),
    `${counted(sets.files, 'changelog')} such as ${printable(sets.first)}`,
  ];
  return { certainty: settings === null ? 0.9 : 0.97, evidence, migrations: sets.count };
}

async function countChangeSets(
  root: string,
  named: readonly string[],
): Promise<{ files: number; count: number; first: string }> {
  const found = { files: 0, count: 0, first: '' };
  for (const path of named.slice(0, mostCounted)) {
    const head = (await headOf(root, path)) ?? '';
    if (!isChangelogHead(path, head)) continue;
    found.files++;
    if (found.first === '') found.first = path;
    found.count +=
      head.match(/<(?:\w+:)?changeSet\b|^[\s-]*"?changeSet"?\s*:|[{,]\s*"?changeSet"?\s*:|^\s*--\s*changeset\s/gim)
        ?.length ?? 0;
  }
  return found;
}

const mostCounted = 2000;
