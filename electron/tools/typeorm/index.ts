import { counted, sampled } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasExactly } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug } from '../common/versions.ts';
import { asksFor } from '../programs/packages.ts';
import { projectOf } from '../programs/readProgram.ts';
import type { Detection, Tool } from '../tool.ts';
import { mayBeMigration, readTypeorm } from './files.ts';
import { columns, typeormHistory } from './history.ts';
import { typeormSettings } from './settings.ts';

export const typeorm: Tool = {
  id: 'typeorm',
  title: 'TypeORM',
  engines: ['postgres', 'mysql', 'sqlite'],
  rules: {
    outOfOrder: 'allowed',
    downOrder: 'byHistory',
    transactional: true,
    retriesFailed: true,
    ownLock: null,
  },
  detect,
  read: readTypeorm,
  history: typeormHistory,
  recognises: (found) => hasExactly(found, columns),
  scaffold: (name, existing, at) => {
    const typed = !/\.[cm]?js$/.test(existing.at(-1)?.up.path ?? '');
    const className = `${camelCase(name)}${at.getTime()}`;
    return [
      {
        path: `${at.getTime()}-${fileSlug(name)}.${typed ? 'ts' : 'js'}`,
        text: typed ? newTyped(className) : newCommonJs(className),
      },
    ];
  },
};

const camelCase = (name: string): string =>
  fileSlug(name)
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
    .replace(/^(?=\d)/, '_');

const newTyped = (name: string): string => `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${name} implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
  }
}
`;

const newCommonJs = (name: string): string => `module.exports = class ${name} {
  async up(queryRunner) {
  }

  async down(queryRunner) {
  }
};
`;

async function detect(root: string): Promise<Detection | null> {
  const { files } = await listFolder(root);
  const named = files.filter(mayBeMigration);
  const { looked, speaking } = await sampled(root, named, speaks);
  if (speaking === 0) return null;
  const asked = asksFor(projectOf(root), 'typeorm');
  const settings = typeormSettings(root).files.length > 0;
  const evidence = [
    ...(settings ? ['a data source of TypeORM in the project'] : []),
    ...(asked ? ['typeorm in the project’s package.json'] : []),
    `classes with a query runner in ${speaking} of ${looked} looked at`,
    `${counted(named.length, 'file')} such as ${printable(named[0] ?? '')}`,
  ];
  const base = asked || settings ? 0.85 : 0.6;
  return { certainty: base + ((1 - base) * speaking) / looked, evidence, migrations: named.length };
}

const speaks = (head: string): boolean =>
  /\bMigrationInterface\b/.test(head) || (/\bclass\s+\w+\d{13}\b/.test(head) && /\bqueryRunner\b/.test(head));
