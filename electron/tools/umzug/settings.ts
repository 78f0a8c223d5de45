/** What the settings of sequelize-cli or a script around umzug say, as far as it is written out. */
import type { Problem } from '../../../shared/problem.ts';
import type { TableName } from '../../engine/ports.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { oneValue, type WrittenSettings, writtenSettings } from '../programs/writtenSettings.ts';

export const defaultTable = 'SequelizeMeta';

const commandLine = [
  '.sequelizerc',
  'config/config.json',
  'config/config.js',
  'config/database.json',
  'config/database.js',
];
const scripts = ['umzug', 'migrate', 'migrator'].flatMap((name) =>
  ['js', 'cjs', 'mjs', 'ts'].map((extension) => `${name}.${extension}`),
);

export interface UmzugSettings {
  readonly files: readonly WrittenSettings[];
  readonly historyTable: TableName | null;
  readonly notRunnable: string | undefined;
  readonly problems: readonly Problem[];
  readonly notices: readonly Problem[];
}

export function umzugSettings(root: string): UmzugSettings {
  const [cli, own] = [writtenSettings(root, commandLine), writtenSettings(root, scripts).filter(usesUmzug)];
  const names = [oneValue(cli, 'migrationStorageTableName'), oneValue(own, 'tableName')];
  const schemas = [oneValue(cli, 'migrationStorageTableSchema'), oneValue(own, 'schema')];
  const text = (values: typeof names): string | null =>
    values.map(({ value }) => value).find((value) => typeof value === 'string') ?? null;
  const [name, schema] = [text(names), text(schemas)];
  const files = [...cli, ...own];
  return {
    files,
    historyTable: name === null && schema === null ? null : { schema, name: name ?? defaultTable },
    notRunnable: files.some((file) => file.mentions('quoteIdentifiers'))
      ? 'the settings change how names are quoted (quoteIdentifiers), which is not done here.'
      : undefined,
    problems: elsewhere(files),
    notices: [...names, ...schemas].flatMap(({ unclear, path }) => (unclear && path !== null ? [computed(path)] : [])),
  };
}

const usesUmzug = (file: WrittenSettings): boolean => file.mentions('umzug') || file.mentions('Umzug');

/** A history that is no table is none that we could keep. */
function elsewhere(files: readonly WrittenSettings[]): Problem[] {
  const { value, path } = oneValue(files, 'migrationStorage');
  if (value === undefined || value === 'sequelize' || path === null) return [];
  return [
    sourceProblem(
      'source.unsupported',
      `The settings keep the history in “${printable(String(value))}”, not in a table of the database.`,
      'Set migrationStorage to sequelize, and mark what is applied.',
      { path },
    ),
  ];
}

const computed = (path: string): Problem =>
  sourceProblem(
    'source.order',
    'The settings compute the name of the history table, or their environments differ: they are not run, so the usual one is taken.',
    'Name the history table with --history-table where it is another one.',
    { path },
  );
