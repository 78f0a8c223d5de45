import { type Command, Option } from 'commander';
import { historyCsv, historyFields } from '../../../shared/model/historyDocument.ts';
import type { HistoryLine } from '../../../shared/model/run.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { listHistory } from '../../services/listHistory.ts';
import { pruneRecords } from '../../services/pruneRecords.ts';
import { reportHtml } from '../../services/report/reportHtml.ts';
import { requireLeast } from '../../services/roles.ts';
import { type Column, formatDuration, formatTable, formatTime } from '../format.ts';
import { count, type Define, days } from '../invocation.ts';

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

const formats = ['csv', 'json', 'html'] as const;

export const historyCommand: Define = (program, bind) => {
  const command = program
    .command('history')
    .description('who did what, when, with what outcome')
    .option('--limit <n>', 'newest n lines', count)
    .addOption(new Option('--format <format>', 'instead of a table').choices(formats));
  bind(command, async ({ backend, options, terminal }) => {
    const { limit, format } = command.opts<{ limit?: number; format?: (typeof formats)[number] }>();
    const { context } = await backend();
    const entries = listHistory(context, { environment: options.env ?? null, limit: limit ?? 50 });
    if (terminal.machine || format === 'json') terminal.document({ entries });
    else if (format === 'csv') terminal.print(historyCsv(entries));
    else if (format === 'html') terminal.print(page(entries).trimEnd());
    else terminal.print(entries.length === 0 ? 'Nothing happened yet.' : formatTable(columns, entries, terminal));
    return exitCodes.done;
  });
  pruneCommand(command, bind);
};

const page = (entries: readonly HistoryLine[]): string =>
  reportHtml({
    title: 'History',
    at: entries[0]?.at ?? '',
    blocks: [
      { kind: 'title', text: 'History' },
      {
        kind: 'table',
        columns: historyFields.map((field) => [field, 1]),
        rows: entries.map((entry) => historyFields.map((field) => entry[field])),
      },
    ],
  });

const pruneCommand: (history: Command, bind: Parameters<Define>[1]) => void = (history, bind) => {
  const prune = history
    .command('prune')
    .description('remove old logs of runs, rehearsals and recorded schemas; never the history, nor the audit log')
    .option('--older-than <days>', 'e.g. 90d (default: as the settings say)', days)
    .option('--dry-run', 'only tell what would be removed');
  bind(prune, async ({ backend, terminal }) => {
    const { olderThan, dryRun } = prune.opts<{ olderThan?: number; dryRun?: boolean }>();
    const { context } = await backend();
    requireLeast(context, 'administrator', 'Removing records');
    const pruned = await pruneRecords(context, { olderThanDays: olderThan ?? null, dryRun: dryRun === true });
    if (terminal.machine) terminal.document(pruned);
    else
      terminal.print(
        `${pruned.dryRun ? 'Would remove' : 'Removed'} ${pruned.logs.length} logs of runs, ${pruned.rehearsals.length} rehearsals and ${pruned.schemas} recorded schemas.`,
      );
    return exitCodes.done;
  });
};
