/** What a knexfile says of migrations, as far as it is written out: it is code, and nobody has trusted it. */

import type { Problem } from '../../../shared/problem.ts';
import type { TableName } from '../../engine/ports.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { oneValue, type WrittenSettings, writtenSettings } from '../programs/writtenSettings.ts';

export const knexfiles = ['js', 'cjs', 'mjs', 'ts', 'cts', 'mts'].map((extension) => `knexfile.${extension}`);

export interface KnexSettings {
  readonly historyTable: TableName | null;
  readonly disableTransactions: boolean;
  /** With the dot. */
  readonly loadExtensions: readonly string[];
  /** Why migrations would not do here what they do with knex; undefined when nothing speaks against it. */
  readonly notRunnable: string | undefined;
  readonly notices: readonly Problem[];
}

/** lib/migrations/common/MigrationsLoader.js; of these we read what is JavaScript or TypeScript. */
const usualExtensions = ['.js', '.cjs', '.ts'];

export function knexSettings(root: string): KnexSettings {
  const files = writtenSettings(root, knexfiles);
  const one = (name: string) => oneValue(files, name);
  const [tableName, schemaName] = [one('tableName'), one('schemaName')];
  const extensions = one('loadExtensions').value;
  const schema = typeof schemaName.value === 'string' ? schemaName.value : null;
  const named = typeof tableName.value === 'string' ? tableName.value : null;
  return {
    historyTable: named === null && schema === null ? null : { schema, name: named ?? 'knex_migrations' },
    disableTransactions: one('disableTransactions').value === true,
    loadExtensions: Array.isArray(extensions) ? extensions.map(String) : usualExtensions,
    notRunnable: obstacle(files),
    notices: [
      ...unclear('tableName', tableName.unclear ? tableName.path : null),
      ...unclear('schemaName', schemaName.unclear ? schemaName.path : null),
      ...passedOver(files),
    ],
  };
}

function obstacle(files: readonly WrittenSettings[]): string | undefined {
  const mapping = ['wrapIdentifier', 'knexSnakeCaseMappers'].find((name) => files.some((file) => file.mentions(name)));
  if (mapping !== undefined) return `the knexfile changes names by code (${mapping}), which is not run here.`;
  const { value, unclear: computed } = oneValue(files, 'searchPath');
  const paths = [value].flat();
  if (computed || paths.some((path) => path !== undefined && path !== 'public'))
    return 'the knexfile sets a searchPath, which the session here has not.';
  return undefined;
}

const unclear = (name: string, path: string | null): Problem[] =>
  path === null
    ? []
    : [
        sourceProblem(
          'source.order',
          `The knexfile computes its ${name}, or its environments differ: it is not run, so the usual one is taken.`,
          'Name the history table with --history-table where it is another one.',
          { path },
        ),
      ];

const hooks = ['migrationSource', 'beforeAll', 'beforeEach', 'afterEach', 'afterAll', 'afterCreate'];

const passedOver = (files: readonly WrittenSettings[]): Problem[] =>
  files.flatMap((file) =>
    hooks
      .filter((name) => file.mentions(name))
      .map((name) =>
        sourceProblem(
          'source.unsupported',
          `The knexfile has its own ${printable(name)}, which is code and is not run here.`,
          'Check that migrations do not depend on it.',
          { path: file.path },
        ),
      ),
  );
