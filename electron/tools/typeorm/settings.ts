/** What the data source's settings say of migrations, as far as it is written out. */

import type { Problem } from '../../../shared/problem.ts';
import type { TableName } from '../../engine/ports.ts';
import { sourceProblem } from '../common/problems.ts';
import { oneValue, type WrittenSettings, writtenSettings } from '../programs/writtenSettings.ts';

export const defaultTable = 'migrations';

const names = [
  'ormconfig',
  'data-source',
  'datasource',
  'dataSource',
  'typeorm.config',
  'src/data-source',
  'src/datasource',
  'src/database/data-source',
];
const files = [
  'ormconfig.json',
  ...names.flatMap((name) => ['ts', 'js', 'cjs', 'mjs'].map((extension) => `${name}.${extension}`)),
];

export interface TypeormSettings {
  readonly files: readonly WrittenSettings[];
  readonly historyTable: TableName | null;
  /** Each migration in a transaction unless it says otherwise. */
  readonly transactional: boolean;
  readonly notices: readonly Problem[];
}

export function typeormSettings(root: string): TypeormSettings {
  const found = writtenSettings(root, files);
  const table = oneValue(found, 'migrationsTableName');
  const mode = oneValue(found, 'migrationsTransactionMode');
  return {
    files: found,
    historyTable: typeof table.value === 'string' ? { schema: null, name: table.value } : null,
    transactional: mode.value !== 'none',
    notices: table.unclear && table.path !== null ? [computed(table.path)] : [],
  };
}

const computed = (path: string): Problem =>
  sourceProblem(
    'source.order',
    'The data source computes the name of the history table: it is not run, so the usual one is taken.',
    'Name the history table with --history-table where it is another one.',
    { path },
  );
