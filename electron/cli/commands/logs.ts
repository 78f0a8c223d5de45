import { blockerWords, lockRetryWords } from '../../../shared/model/activityWords.ts';
import type { RestoreRecord } from '../../../shared/model/restore.ts';
import type { RunRecord } from '../../../shared/model/run.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { formatDuration, formatProblem, formatTable, formatTime } from '../format.ts';
import type { Define } from '../invocation.ts';
import { plain, plainLines, type Terminal } from '../terminal.ts';

export const logsCommand: Define = (program, bind) => {
  const command = program
    .command('logs')
    .argument('[run]', 'default: the newest')
    .description('execution log, with the results of the scripts’ own SELECTs');
  bind(command, async ({ backend, options, terminal }) => {
    const { context } = await backend();
    const environmentId =
      options.env === undefined ? null : (context.workspace.environments.find(options.env)?.id ?? null);
    const id =
      command.args[0] ??
      context.workspace.runs.list({ environmentId, limit: 1 })[0]?.id ??
      raise({
        code: 'run.notFound',
        message: 'There is no run yet.',
        hint: 'Runs appear here after the first up, down or backup.',
      });
    const records = await context.runs.records(id);
    if (terminal.machine) terminal.document({ run: id, records });
    else for (const record of records) printRecord(record, terminal);
    return exitCodes.done;
  });
};

function printRecord(record: RunRecord, terminal: Terminal): void {
  const text = textOf(record, terminal);
  if (text !== null) terminal.print(`${terminal.style('dim', formatTime(record.at))}  ${text}`);
}

function textOf(record: RunRecord, terminal: Terminal): string | null {
  switch (record.type) {
    case 'runStarted':
      return plain(
        `${record.origin.action} on ${record.origin.environment} by ${record.origin.actor}@${record.origin.host}, run ${record.origin.id}${record.origin.reason === null ? '' : `, reason: ${record.origin.reason}`}`,
      );
    case 'phaseStarted':
      return `phase ${record.phase}`;
    case 'backupFinished':
      return plain(`backup ${record.backup.id} ${record.backup.level}: ${record.backup.path}`);
    case 'restoreChanged':
      return plain(`restore ${record.restore.stage}: ${describeRestore(record.restore)}`);
    case 'rehearsalProgress':
      return plain(`${rehearsalWayWords[record.way]} ${record.version}`);
    case 'rehearsalFinished':
      return `rehearsal ${record.rehearsal.id} ${record.rehearsal.outcome}`;
    case 'stepStarted':
      return `step ${record.step + 1} started`;
    case 'resultSet':
      return `line ${record.line}: ${record.result.rowCount} row${record.result.rowCount === 1 ? '' : 's'}\n${formatResult(record, terminal)}`;
    case 'notice':
      return `${plain(record.severity)}: ${plainLines(record.message)}`;
    case 'warning':
      return `warning: ${plainLines(record.message)}`;
    case 'stepFinished':
      return `step ${record.step + 1} ${record.outcome}, ${record.statements} statements, ${formatDuration(record.durationMs)}${record.problem === null ? '' : `\n${formatProblem(record.problem, terminal)}`}`;
    case 'cancelRequested':
      return 'cancel requested';
    case 'lockWaiting':
      return 'waiting for the lock';
    case 'blocked':
      return record.blockers.length === 0
        ? 'nobody is in the way any more'
        : plain(`waiting for ${record.blockers.map(blockerWords).join('; ')}`);
    case 'lockRetry':
      return lockRetryWords(record);
    case 'runFinished':
      return `run ${record.outcome}${record.problem === null ? '' : `\n${formatProblem(record.problem, terminal)}`}`;
    case 'phaseFinished':
    case 'backupProgress':
    case 'restoreProgress':
    case 'statementProgress':
    case 'batchProgress':
    case 'serverProgress':
      return null;
  }
}

const rehearsalWayWords = {
  forth: 'on the copy:',
  back: 'rolled back on the copy:',
  again: 'again on the copy:',
} as const;

/** Which database holds what. */
function describeRestore({ stage, live, restored, kept }: RestoreRecord): string {
  if (stage === 'swapped') return `${live} is the restored one, ${kept} the one before`;
  if (stage === 'swapping' || stage === 'undoing') return `${live} changes places`;
  return stage === 'removed' ? `${live} unchanged` : `${live} unchanged, ${restored} beside`;
}

function formatResult({ result }: RunRecord & { type: 'resultSet' }, terminal: Terminal): string {
  const columns = result.columns.map((title, index) => ({
    title: plain(title),
    value: (row: readonly (string | null)[]) => row[index] ?? 'NULL',
  }));
  const shown = formatTable(columns, result.rows, terminal);
  const more = result.rowCount - result.rows.length;
  return more > 0 ? `${shown}\n… and ${more} more` : shown;
}
