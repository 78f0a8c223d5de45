/** `restore`: what will be lost, what the gate asks, then the run; and undoing one. */

import type { Hazard } from '../../../shared/model/plan.ts';
import type { OpenSession, RestoreGate, RestorePlan, RowDifference, UndoPlan } from '../../../shared/model/restore.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { type PreparedRestore, planRestore, type RestoreWanted } from '../../services/planRestore.ts';
import { type RestoreAnswers, startPreparedRestore } from '../../services/startRestore.ts';
import type { TargetRequest } from '../../services/target.ts';
import { type PreparedUndo, planUndo, startPreparedUndo } from '../../services/undoRestore.ts';
import { type Column, formatTable, formatTime } from '../format.ts';
import type { Define, Invocation } from '../invocation.ts';
import { followRun } from '../runOutput.ts';
import { plain, type Terminal } from '../terminal.ts';

interface Options {
  readonly into?: string;
  readonly beside?: boolean;
  readonly file?: string;
  readonly undo?: string;
  readonly dryRun?: boolean;
  readonly backup?: boolean;
  readonly reason?: string;
}

export const restoreCommand: Define = (program, bind) => {
  const command = program
    .command('restore')
    .argument('[id]', 'the backup; see: lockkeeper backup list')
    .description('restore a backup into a new database, verify it, then swap it in; the old one is kept')
    .option('--into <name>', 'a new or empty database (a new file for SQLite); nothing is swapped')
    .option('--beside', 'under a name of its own, for repointing; nothing is swapped')
    .option('--file <dump>', 'somebody else’s dump, which must be trusted: --accept foreignDump')
    .option('--undo <run>', 'bring back what the restore of that run has kept')
    .option('--dry-run', 'show what would be done and lost, and stop')
    .option('--backup', 'back up what is there first (default: as the environment’s protection says)')
    .option('--no-backup', 'do not; needs --reason where a backup is asked')
    .option('--reason <text>', 'kept in the history');
  bind(command, async (invocation) => {
    const options = command.opts<Options>();
    const id: unknown = command.processedArgs[0];
    if (options.undo !== undefined) return undo(invocation, options.undo, options);
    return restore(invocation, typeof id === 'string' ? id : null, options);
  });
};

async function restore(invocation: Invocation, id: string | null, options: Options): Promise<number> {
  const { terminal } = invocation;
  const { context } = await invocation.backend();
  const prepared = await planRestore(context, await wantedFrom(invocation, id, options));
  if (!terminal.machine) printPlan(prepared.plan, terminal);
  if (options.dryRun === true) return dryRun(prepared.plan, terminal);
  requirePossible(prepared);
  const answers = await askGate(invocation, prepared.plan, options);
  const started = startPreparedRestore(context, prepared, answers);
  return followRun(context, started, prepared.plan.environment, terminal, invocation.options.events === true);
}

async function undo(invocation: Invocation, run: string, options: Options): Promise<number> {
  const { terminal } = invocation;
  const { context } = await invocation.backend();
  const prepared = await planUndo(context, run, await targetOf(invocation));
  if (!terminal.machine) printUndo(prepared.plan, terminal);
  if (options.dryRun === true) return dryRun(prepared.plan, terminal);
  requirePossible(prepared);
  const answers = await askGate(invocation, prepared.plan, options);
  const started = startPreparedUndo(context, prepared, answers);
  return followRun(context, started, prepared.plan.environment, terminal, invocation.options.events === true);
}

async function wantedFrom(invocation: Invocation, id: string | null, options: Options): Promise<RestoreWanted> {
  if ((id === null) === (options.file === undefined))
    raise({
      code: 'usage.invalid',
      message: 'What shall be restored: a backup or a dump?',
      hint: 'Give either the id of a backup (lockkeeper backup list) or --file DUMP.',
    });
  if (options.into !== undefined && options.beside === true)
    raise({ code: 'usage.invalid', message: 'Give either --into or --beside.', hint: 'Leave one of them out.' });
  return {
    backup: id,
    file: options.file ?? null,
    target: await targetOf(invocation),
    placement: options.into !== undefined ? 'into' : options.beside === true ? 'beside' : 'swap',
    into: options.into ?? null,
  };
}

/** Null: the environment that the backup or the run is of. */
async function targetOf(invocation: Invocation): Promise<TargetRequest | null> {
  const { env, url, urlEnv, passwordStdin, passwordEnv } = invocation.options;
  if (env !== undefined || url !== undefined || urlEnv !== undefined) return invocation.target();
  if (passwordStdin === true || passwordEnv !== undefined)
    raise({ code: 'usage.invalid', message: 'A password for which database?', hint: 'Name it with --env or --url.' });
  return null;
}

function requirePossible({ plan }: PreparedRestore | PreparedUndo): void {
  const [problem] = plan.problems;
  if (problem !== undefined) raise(problem);
}

/** Asks for what the gate needs and the options did not give; where nobody can be asked the gate itself refuses. */
async function askGate(
  { options, terminal }: Invocation,
  plan: { readonly gate: RestoreGate; readonly hazards: readonly Hazard[] },
  run: Options,
): Promise<RestoreAnswers> {
  const { gate, hazards } = plan;
  let accept = options.accept ?? [];
  let confirm = options.confirm ?? null;
  let reason = run.reason ?? null;
  const backup = run.backup === undefined ? {} : { backup: run.backup };
  if (!terminal.interactive || gate.blocked !== null) return { ...backup, accept, confirm, reason };
  for (const code of gate.hazardsToAccept.filter((one) => !accept.includes(one))) {
    const message = hazards.find((hazard) => hazard.code === code)?.message ?? '';
    const said = await terminal.ask(`${plain(message)} Accept? [y/N] `);
    if (!/^y(es)?$/i.test(said))
      raise({ code: 'gate.hazard', message: `The hazard ${code} was not accepted.`, hint: 'Nothing more is needed.' });
    accept = [...accept, code];
  }
  const skipsNeeded = run.backup === false && gate.backup !== 'none';
  if ((gate.reason || skipsNeeded) && reason === null) reason = await terminal.ask('Reason: ');
  if (gate.typedName !== null && confirm === null) confirm = await terminal.ask(`Type ${gate.typedName} to confirm: `);
  return { ...backup, accept, confirm, reason };
}

const rowColumns: readonly Column<RowDifference>[] = [
  { title: 'Table', value: (row) => plain(row.table) },
  { title: 'In the backup', align: 'right', value: (row) => formatRows(row.inBackup) },
  { title: 'Now', align: 'right', value: (row) => formatRows(row.now) },
];

const formatRows = (rows: RowDifference['now']): string =>
  rows === null ? '–' : `${rows.source === 'estimated' ? 'about ' : ''}${rows.rows}`;

const sessionColumns: readonly Column<OpenSession>[] = [
  { title: 'Session', value: (row) => plain(row.id) },
  { title: 'User', value: (row) => plain(row.user) },
  { title: 'Program', value: (row) => plain(row.program) },
  { title: 'Host', value: (row) => plain(row.host) },
  { title: 'State', value: (row) => plain(row.state) },
];

const ROWS_SHOWN = 20;

function printPlan(plan: RestorePlan, terminal: Terminal): void {
  const what =
    plan.backup === null ? plain(plan.file) : `backup ${plan.backup.id} of ${plain(plan.backup.environment)}`;
  terminal.print(`Restore ${what} on ${plain(plan.server)}`);
  terminal.print(`  as of     ${plan.takenAt === null ? 'unknown' : formatTime(plan.takenAt)}`);
  terminal.print(
    `  into      ${plain(plan.restored)}${plan.kept === null ? '' : `, which then becomes ${plain(plan.live)}`}`,
  );
  if (plan.kept !== null) terminal.print(`  kept as   ${plain(plan.kept)} (undo brings it back)`);
  if (plan.kept !== null) printMigrations(plan, terminal);
  for (const run of plan.runsSince)
    terminal.print(
      `  lost      run ${run.id}: ${run.action} ${run.versions.map(plain).join(', ')} at ${formatTime(run.startedAt)}`,
    );
  if (plan.kept !== null) printRows(plan, terminal);
  if (plan.sessions.length > 0) terminal.print(`\n${formatTable(sessionColumns, plan.sessions, terminal)}`);
  for (const one of plan.notCovered) terminal.print(`  not in it ${plain(one)}`);
  for (const hazard of plan.hazards)
    terminal.print(`  ${terminal.style('red', hazard.code)}: ${plain(hazard.message)}`);
  for (const warning of plan.warnings) terminal.note(`Warning: ${plain(warning)}`);
}

function printMigrations({ migrationsSince, takenAt }: RestorePlan, terminal: Terminal): void {
  if (migrationsSince === null && takenAt !== null)
    terminal.print('  lost      which migrations came later is not known: the history does not tell');
  for (const { version, name, appliedAt } of migrationsSince ?? [])
    terminal.print(
      `  lost      migration ${plain(version)}${name === null ? '' : ` ${plain(name)}`}${appliedAt === null ? '' : `, applied at ${formatTime(appliedAt)}`}`,
    );
}

function printRows({ rows, rowsKnown }: RestorePlan, terminal: Terminal): void {
  if (rows.length === 0) {
    const known = 'as many in every table as now (changed rows are not seen by this)';
    terminal.print(`  rows      ${rowsKnown ? known : 'not known: the backup recorded no numbers'}`);
    return;
  }
  terminal.print(`\n${formatTable(rowColumns, rows.slice(0, ROWS_SHOWN), terminal)}`);
  if (rows.length > ROWS_SHOWN) terminal.print(`… and ${rows.length - ROWS_SHOWN} more tables`);
}

function printUndo({ restore, hazards, sessions }: UndoPlan, terminal: Terminal): void {
  terminal.print(
    `Undo the restore of ${plain(restore.live)}: ${plain(restore.kept)} becomes ${plain(restore.live)} again`,
  );
  if (sessions.length > 0) terminal.print(`\n${formatTable(sessionColumns, sessions, terminal)}`);
  for (const hazard of hazards) terminal.print(`  ${terminal.style('red', hazard.code)}: ${plain(hazard.message)}`);
}

function dryRun(plan: RestorePlan | UndoPlan, terminal: Terminal): number {
  const [problem = null] = plan.problems;
  if (terminal.machine)
    terminal.document({
      run: null,
      outcome: problem === null ? 'succeeded' : 'refused',
      dryRun: true,
      startedAt: null,
      finishedAt: null,
      steps: [],
      backup: null,
      problem,
      next: [],
      plan,
    });
  else terminal.print('Dry run: nothing was changed.');
  if (problem !== null && !terminal.machine) raise(problem);
  return problem === null ? exitCodes.done : exitCodes.refused;
}
