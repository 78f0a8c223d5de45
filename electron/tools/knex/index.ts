import { counted, sampled } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasExactly } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, timestampVersion } from '../common/versions.ts';
import { asksFor } from '../programs/packages.ts';
import { projectOf } from '../programs/readProgram.ts';
import { writtenSettings } from '../programs/writtenSettings.ts';
import type { Detection, Tool } from '../tool.ts';
import { mayBeMigration, readKnex } from './files.ts';
import { columns, knexHistory } from './history.ts';
import { knexfiles } from './settings.ts';

export const knex: Tool = {
  id: 'knex',
  title: 'knex',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    outOfOrder: 'allowed',
    downOrder: 'byVersion',
    transactional: true,
    retriesFailed: true,
    ownLock: 'a row of knex_migrations_lock',
  },
  detect,
  read: readKnex,
  history: knexHistory,
  recognises: (found) => hasExactly(found, columns),
  scaffold: (name, existing, at) => {
    const last = existing.at(-1)?.up.path ?? '';
    const typed = last.endsWith('.ts');
    const isModule = typed || last.endsWith('.mjs');
    return [
      {
        path: `${timestampVersion(at)}_${fileSlug(name)}.${typed ? 'ts' : isModule ? 'mjs' : 'js'}`,
        text: typed ? newTyped : isModule ? newModule : newCommonJs,
      },
    ];
  },
};

const newTyped = `import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
}

export async function down(knex: Knex): Promise<void> {
}
`;

const newModule = `export const up = async (knex) => {
};

export const down = async (knex) => {
};
`;

const newCommonJs = `exports.up = async (knex) => {
};

exports.down = async (knex) => {
};
`;

async function detect(root: string): Promise<Detection | null> {
  const { files } = await listFolder(root);
  const named = files.filter(mayBeMigration);
  const asked = asksFor(projectOf(root), 'knex');
  const settings = writtenSettings(root, knexfiles);
  const { looked, speaking } = await sampled(root, named, speaks);
  if (named.length === 0 || (speaking === 0 && settings.length === 0)) return null;
  const evidence = [
    ...(settings.length > 0 ? ['a knexfile in the project'] : []),
    ...(asked ? ['knex in the project’s package.json'] : []),
    ...(speaking > 0 ? [`migrations written for “knex” in ${speaking} of ${looked} looked at`] : []),
    `${counted(named.length, 'file')} such as ${printable(named[0] ?? '')}`,
  ];
  const spoken = looked === 0 ? 0 : speaking / looked;
  const base = settings.length > 0 ? 0.85 : asked ? 0.7 : 0.5;
  return { certainty: base + (1 - base) * spoken, evidence, migrations: named.length };
}

/** Migrations of other tools that use knex for queries have another first argument. */
const speaks = (head: string): boolean =>
  /\b(?:up|down)\b[^;{]*\(\s*\{?\s*(?:knex|trx)\b|\bKnex\b|\bknex\.(?:schema|raw)\b/.test(head);
