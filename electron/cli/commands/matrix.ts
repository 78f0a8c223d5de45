import type { MatrixColumn, MatrixEvent, MatrixStatus, MigrationList } from '../../../shared/model/matrix.ts';
import { type MatrixDocument, matrixCsv, matrixDocument } from '../../../shared/model/matrixDocument.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { refreshMatrix } from '../../services/readMatrix.ts';
import { type Column, formatStatus, formatTable, formatTime, statusStyle } from '../format.ts';
import type { Define } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';

const never = new AbortController().signal;

export const matrixCommand: Define = (program, bind) => {
  const command = program
    .command('matrix')
    .description('environments × migrations, with drift and changed files; writes to no database')
    .option('--group <group>', 'only the environments of this group')
    .option('--format <format>', 'csv or json');
  bind(command, async ({ backend, terminal }) => {
    const { group, format } = command.opts<{ group?: string; format?: string }>();
    if (format !== undefined && format !== 'csv' && format !== 'json')
      raise({ code: 'usage.invalid', message: `The format “${format}” is not known.`, hint: 'Use csv or json.' });
    const { context } = await backend();
    const all = context.workspace.environments.list();
    const environments = all.filter((environment) => group === undefined || environment.group === group);
    if (environments.length === 0 && group !== undefined)
      raise({
        code: 'environment.notFound',
        message: `No environment is in a group “${group}”.`,
        hint: 'List the environments with: lockkeeper env list',
      });
    const wanted = { environmentIds: environments.map(({ id }) => id), maxAgeMs: 0 };
    const { lists, columns } = await collect(refreshMatrix(context, wanted, never), terminal);
    const document = matrixDocument(environments, lists, columns);
    if (terminal.machine || format === 'json') terminal.document(document);
    else if (format === 'csv') terminal.print(matrixCsv(document));
    else printMatrix(document, terminal);
    return exitCodes.done;
  });
};

async function collect(events: AsyncIterable<MatrixEvent>, terminal: Terminal) {
  const lists = new Map<string, MigrationList>();
  const columns = new Map<string, MatrixColumn>();
  for await (const event of events) {
    if (event.type === 'list') lists.set(event.list.id, event.list);
    if (event.type === 'columns') for (const column of event.columns) columns.set(column.environmentId, column);
    if (event.type === 'progress') terminal.progress(`Read ${event.done} of ${event.total} environments`);
  }
  terminal.progress('');
  return { lists, columns };
}

function printMatrix({ environments, migrations, cells }: MatrixDocument, terminal: Terminal): void {
  if (environments.length === 0) {
    terminal.print('No environments yet. Add one with: lockkeeper env add NAME --url …');
    return;
  }
  const summaries: readonly Column<MatrixDocument['environments'][number]>[] = [
    { title: 'Environment', value: (row) => row.environment },
    { title: 'Tier', value: (row) => row.tier },
    { title: 'Version', value: (row) => row.current ?? '' },
    { title: 'Pending', align: 'right', value: (row) => String(row.pending ?? '') },
    { title: 'Drift', value: ({ drift }) => (drift === null ? '' : drift === 0 ? '✓ none' : `▲ ${drift}`) },
    {
      title: 'Changed files',
      value: ({ changed }) => (changed === null ? '' : changed === 0 ? '✓ none' : `▲ ${changed}`),
    },
    {
      title: 'Read',
      value: ({ problem, readAt }) =>
        problem === null ? formatTime(readAt) : readAt === null ? '✕ never' : `✕ last known ${formatTime(readAt)}`,
      style: ({ problem }) => (problem === null ? null : 'red'),
    },
  ];
  terminal.print(formatTable(summaries, environments, terminal));
  const columns: readonly Column<number>[] = [
    { title: 'Version', value: (row) => migrations[row]?.version ?? '' },
    { title: 'Name', value: (row) => migrations[row]?.name ?? '' },
    ...environments.map(({ environment }, index): Column<number> => {
      const status = (row: number): MatrixStatus => cells[row]?.[index] ?? 'unread';
      return {
        title: plain(environment),
        value: (row) => statusText(status(row)),
        style: (row) => styleOf(status(row)),
      };
    }),
  ];
  if (migrations.length > 0) terminal.print(`\n${formatTable(columns, [...migrations.keys()], terminal)}`);
  for (const { environment, problem } of environments)
    if (problem !== null) terminal.note(`\n${plain(environment)}: ${plain(problem.message)} ${plain(problem.hint)}`);
}

function statusText(status: MatrixStatus): string {
  switch (status) {
    case 'running':
      return '◐ running';
    case 'absent':
      return '–';
    case 'unread':
      return '? unknown';
    default:
      return formatStatus(status);
  }
}

const styleOf = (status: MatrixStatus) =>
  status === 'running' || status === 'absent' || status === 'unread' ? 'dim' : statusStyle(status);
