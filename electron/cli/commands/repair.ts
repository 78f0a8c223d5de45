/** `repair`, `baseline` and `force`: corrections of what a history says; nothing of a script is run. */
import type { Command } from 'commander';
import type { RepairChange, RepairOffer, RepairRequest } from '../../../shared/model/repair.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { listRepairs, prepareRepair, repairHazards, viewChange } from '../../services/prepareRepair.ts';
import { startRepair } from '../../services/startRepair.ts';
import { askGate } from '../askGate.ts';
import { type Column, formatTable } from '../format.ts';
import type { Define, Invocation } from '../invocation.ts';
import { followRun, nothingToDo } from '../runOutput.ts';

export interface GateOptions {
  readonly reason?: string;
  readonly backup?: boolean;
}

interface RepairOptions extends GateOptions {
  readonly updateChecksum?: readonly string[];
  readonly updateChecksums?: boolean;
  readonly markApplied?: readonly string[];
  readonly markReverted?: readonly string[];
  readonly removeFailed?: readonly string[];
}

export const withGateOptions = (command: Command): Command =>
  command
    .option('--reason <text>', 'why; kept in the history')
    .option('--backup', 'take and check a backup first (default: as the environment’s protection says)')
    .option('--no-backup', 'skip the backup where one is asked');

export const repairCommand: Define = (program, bind) => {
  const command = withGateOptions(
    program
      .command('repair')
      .description('correct what the history says, with --reason; without an option: list what could be corrected')
      .option('--update-checksum <version>', 'its recorded checksum becomes that of its file', repeatable)
      .option('--update-checksums', 'the same for all that differ, after listing each difference')
      .option('--mark-applied <version>', 'it counts as applied', repeatable)
      .option('--mark-reverted <version>', 'it counts as rolled back', repeatable)
      .option('--remove-failed <version>', 'its failed or interrupted entry no longer counts', repeatable),
  );
  bind(command, async (invocation) => {
    const options = command.opts<RepairOptions>();
    const requests = requestsFrom(options);
    return requests.length === 0 ? list(invocation) : perform(invocation, requests, options);
  });
};

export const baselineCommand: Define = (program, bind) => {
  const command = withGateOptions(
    program.command('baseline').argument('<version>').description('mark everything up to a version as applied'),
  );
  bind(command, (invocation) =>
    perform(invocation, [{ action: 'baseline', version: command.args[0] ?? '' }], command.opts<RepairOptions>()),
  );
};

export const forceCommand: Define = (program, bind) => {
  const command = withGateOptions(
    program.command('force').argument('<version>').description('set the version of a tool that keeps one'),
  );
  bind(command, (invocation) =>
    perform(invocation, [{ action: 'force', version: command.args[0] ?? '' }], command.opts<RepairOptions>()),
  );
};

const repeatable = (value: string, before: string[] = []): string[] => [...before, value];

function requestsFrom(options: RepairOptions): RepairRequest[] {
  const named = (action: 'updateChecksum' | 'markApplied' | 'markReverted' | 'removeFailed') =>
    (options[action] ?? []).map((version): RepairRequest => ({ action, version }));
  return [
    ...(options.updateChecksums === true ? [{ action: 'updateChecksums' } as const] : []),
    ...named('updateChecksum'),
    ...named('markApplied'),
    ...named('markReverted'),
    ...named('removeFailed'),
  ];
}

async function perform(
  invocation: Invocation,
  requests: readonly RepairRequest[],
  options: RepairOptions,
): Promise<number> {
  const { terminal } = invocation;
  const { context } = await invocation.backend();
  const prepared = await prepareRepair(context, await invocation.target(), requests);
  if (prepared.changes.length === 0) return nothingToDo(terminal);
  // Listed before anything is asked or done, for a script on standard error.
  terminal.note(formatTable(changeColumns, prepared.changes.map(viewChange), terminal));
  const answers = await askGate(invocation, prepared.gate, options, (code) => repairHazards[code] ?? '');
  const started = startRepair(context, prepared, {
    fingerprint: prepared.fingerprint,
    ...(options.backup === undefined ? {} : { backup: options.backup }),
    ...answers,
  });
  const { name } = prepared.target.environment;
  return followRun(context, started, name, terminal, invocation.options.events === true);
}

async function list({ backend, target, terminal }: Invocation): Promise<number> {
  const { context } = await backend();
  const report = await listRepairs(context, await target());
  if (terminal.machine) terminal.document(report);
  else if (report.offers.length === 0) terminal.print('There is nothing to correct.');
  else {
    terminal.print(formatTable(offerColumns, report.offers, terminal));
    terminal.note('\nNext: lockkeeper info V explains a changed file; then repair with one of these and --reason.');
  }
  return exitCodes.done;
}

const changeColumns: readonly Column<RepairChange>[] = [
  { title: 'Correction', value: (row) => optionOf(row) },
  { title: 'Name', value: (row) => row.name },
  { title: 'What it means', value: (row) => row.reason },
];

const offerColumns: readonly Column<RepairOffer>[] = [
  { title: 'Correction', value: (row) => optionOf(row), style: (row) => (row.problem === null ? null : 'dim') },
  { title: 'Name', value: (row) => row.name },
  {
    title: 'What it means',
    value: (row) => (row.problem === null ? row.reason : `not possible: ${row.problem.message}`),
  },
];

const optionOf = ({ action, version }: RepairChange): string =>
  action === 'baseline' || action === 'force'
    ? `${action} ${version}`
    : `--${action.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${version}`;
