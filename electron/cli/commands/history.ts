import { csvLine, csvText } from '../../../shared/csv.ts';
import type { HistoryLine } from '../../../shared/model/run.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { listHistory } from '../../services/listHistory.ts';
import { type Column, formatDuration, formatTable, formatTime } from '../format.ts';
import { count, type Define } from '../invocation.ts';

const columns: readonly Column<HistoryLine>[] = [
  { title: 'At', value: (row) => formatTime(row.at) },
  { title: 'Environment', value: (row) => row.environment },
  { title: 'Who', value: (row) => row.actor },
  { title: 'Action', value: (row) => row.action },
  { title: 'Version', value: (row) => row.version ?? '' },
  { title: 'Outcome', value: (row) => row.outcome },
  { title: 'Took', align: 'right', value: (row) => formatDuration(row.durationMs) },
  { title: 'Run', value: (row) => row.run },
];

export const historyCommand: Define = (program, bind) => {
  const command = program
    .command('history')
    .description('who did what, when, with what outcome')
    .option('--limit <n>', 'newest n lines', count)
    .option('--format <format>', 'csv or json');
  bind(command, async ({ backend, options, terminal }) => {
    const { limit, format } = command.opts<{ limit?: number; format?: string }>();
    if (format !== undefined && format !== 'csv' && format !== 'json')
      raise({ code: 'usage.invalid', message: `The format “${format}” is not known.`, hint: 'Use csv or json.' });
    const { context } = await backend();
    const entries = listHistory(context, { environment: options.env ?? null, limit: limit ?? 50 });
    if (terminal.machine || format === 'json') terminal.document({ entries });
    else if (format === 'csv') terminal.print(toCsv(entries));
    else terminal.print(entries.length === 0 ? 'Nothing happened yet.' : formatTable(columns, entries, terminal));
    return exitCodes.done;
  });
};

const fields = ['at', 'environment', 'actor', 'action', 'version', 'outcome', 'durationMs', 'run', 'reason'] as const;

const toCsv = (entries: readonly HistoryLine[]): string =>
  csvText([csvLine(fields), ...entries.map((entry) => csvLine(fields.map((field) => entry[field])))]);
