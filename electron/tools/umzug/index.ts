import { counted, sampled } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasExactly } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, timestampVersion } from '../common/versions.ts';
import { asksFor } from '../programs/packages.ts';
import { projectOf } from '../programs/readProgram.ts';
import type { Detection, Tool } from '../tool.ts';
import { isMigration, readUmzug } from './files.ts';
import { columns, timestamps, umzugHistory } from './history.ts';
import { umzugSettings } from './settings.ts';

export const umzug: Tool = {
  id: 'umzug',
  title: 'umzug and sequelize-cli',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    outOfOrder: 'allowed',
    downOrder: 'byVersion',
    transactional: false,
    retriesFailed: true,
    ownLock: null,
  },
  detect,
  read: readUmzug,
  history: umzugHistory,
  recognises: (found) => hasExactly(found, columns) || hasExactly(found, [...columns, ...timestamps]),
  scaffold: (name, existing, at) => {
    const last = existing.at(-1)?.up.path ?? '';
    const path = `${timestampVersion(at)}-${fileSlug(name).replaceAll('_', '-')}`;
    if (last.endsWith('.sql'))
      return [
        { path: `${path}.sql`, text: '' },
        { path: `down/${path}.sql`, text: '' },
      ];
    return last.endsWith('.ts')
      ? [{ path: `${path}.ts`, text: newTyped }]
      : [{ path: `${path}.${last.endsWith('.cjs') ? 'cjs' : 'js'}`, text: newCommonJs }];
  },
};

const newTyped = `import type { QueryInterface } from 'sequelize';

export async function up(queryInterface: QueryInterface): Promise<void> {
}

export async function down(queryInterface: QueryInterface): Promise<void> {
}
`;

const newCommonJs = `module.exports = {
  async up(queryInterface, Sequelize) {
  },

  async down(queryInterface, Sequelize) {
  },
};
`;

async function detect(root: string): Promise<Detection | null> {
  const { files } = await listFolder(root);
  const named = files.filter(isMigration);
  const project = projectOf(root);
  const asked = ['sequelize-cli', 'umzug', 'sequelize'].filter((name) => asksFor(project, name));
  const isToolAsked = asked.some((name) => name !== 'sequelize');
  const { looked, speaking } = await sampled(root, named, speaks);
  // SQL alone says nothing of it: its project must.
  if (speaking === 0 && !(asked.includes('umzug') && named.length > 0)) return null;
  const settings = umzugSettings(root).files.length > 0;
  const evidence = [
    ...(settings ? ['settings of sequelize-cli or umzug in the project'] : []),
    ...asked.map((name) => `${name} in the project’s package.json`),
    ...(speaking > 0 ? [`a query interface of Sequelize in ${speaking} of ${looked} looked at`] : []),
    `${counted(named.length, 'file')} such as ${printable(named[0] ?? '')}`,
  ];
  const base = isToolAsked ? 0.85 : settings || asked.length > 0 ? 0.75 : 0.5;
  return {
    certainty: base + (1 - base) * (looked === 0 ? 0 : speaking / looked),
    evidence,
    migrations: named.length,
  };
}

const speaks = (head: string): boolean => /\b(?:queryInterface|QueryInterface|Sequelize|sequelize|umzug)\b/.test(head);
