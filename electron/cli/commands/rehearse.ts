/** `rehearse`: the plan on a copy of its database, and what was seen there. */
import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { describeChange } from '../../../shared/model/describeSchema.ts';
import type { Rehearsal, RehearsedStatement, RehearsedStep } from '../../../shared/model/rehearsal.ts';
import { exitCodeOf, exitCodes, raise } from '../../../shared/problem.ts';
import { findRehearsal } from '../../services/findRehearsal.ts';
import { rehearsalLimitMs } from '../../services/rehearse.ts';
import { writeReport } from '../../services/report/writeReport.ts';
import { startRehearsal } from '../../services/startRehearsal.ts';
import { type Column, formatDuration, formatProblem, formatTable } from '../format.ts';
import { count, type Define, type Invocation } from '../invocation.ts';
import { awaitRun } from '../runOutput.ts';
import { plain, type Terminal } from '../terminal.ts';
import { downTarget, upTarget } from '../wanted.ts';

interface RehearseOptions {
  readonly to?: string;
  readonly steps?: number;
  readonly down?: boolean;
  readonly withData?: boolean;
  readonly schemaOnly?: boolean;
  readonly tables?: readonly string[];
  readonly backup?: boolean;
  readonly limit?: number;
  readonly report?: string;
}

export const rehearseCommand: Define = (program, bind) => {
  const command = program
    .command('rehearse')
    .description('the plan on a copy: timings, locks, rewrites, rows, and whether the way back restores')
    .option('--to <version>', 'up to (or down to) this version')
    .option('--steps <n>', 'only the first n', count)
    .option('--down', 'the plan of a rollback')
    .option('--with-data', 'with the rows: of the newest backup, or of a copy of the file')
    .option('--schema-only', 'with empty tables')
    .option('--tables <names>', 'rows of these tables stand for all (a,schema.b)', listed)
    .option('--backup', 'take a backup first and rehearse on that; it is proven by it, too')
    .option('--limit <minutes>', 'end it after so long (default: 60)', count)
    .option('--report <file>', 'write it as one HTML page');
  bind(command, (invocation) => perform(invocation, command.opts<RehearseOptions>()));
};

function listed(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('Name tables, with commas between them.');
  return names;
}

async function perform(invocation: Invocation, options: RehearseOptions): Promise<number> {
  const { terminal } = invocation;
  if (options.backup === true && (options.schemaOnly === true || options.tables !== undefined))
    raise({
      code: 'usage.invalid',
      message: '--backup is for a rehearsal with all rows.',
      hint: 'Leave out --schema-only and --tables, or --backup.',
    });
  if (options.withData === true && options.schemaOnly === true)
    raise({ code: 'usage.invalid', message: '--with-data and --schema-only exclude each other.', hint: 'Give one.' });
  const { context } = await invocation.backend();
  const started = await startRehearsal(context, {
    target: await invocation.target(),
    wanted: options.down === true ? downTarget(options) : upTarget(options),
    copy: {
      kind: options.withData === true ? 'data' : options.schemaOnly === true ? 'schema' : 'auto',
      tables: options.tables ?? null,
    },
    newBackup: options.backup === true ? 'always' : 'never',
    accept: invocation.options.accept ?? [],
    limitMs: options.limit === undefined ? rehearsalLimitMs : options.limit * 60_000,
  });
  const run = await awaitRun(context, started, terminal);
  if (run.rehearsal === undefined) raise(run.problem ?? notEnded);
  const rehearsal = findRehearsal(context, run.rehearsal.id);
  if (options.report !== undefined) {
    const { content } = await writeReport(context, run.id, 'html');
    await writeFile(options.report, content, { mode: 0o600 });
  }
  if (terminal.machine) terminal.document(rehearsal);
  else print(rehearsal, terminal);
  const problem = rehearsal.problem ?? rehearsal.back?.problem ?? null;
  return problem === null ? exitCodes.done : exitCodeOf(problem);
}

const notEnded = {
  code: 'run.cancelled',
  message: 'The rehearsal did not come to its end.',
  hint: 'It can be started again.',
} as const;

const copyWords: Readonly<Record<Rehearsal['copy']['kind'], string>> = {
  data: 'a copy with its rows',
  schema: 'a copy of its schema, without rows',
  subset: 'a copy with some of its rows',
};

function print(rehearsal: Rehearsal, terminal: Terminal): void {
  const { copy, steps, back } = rehearsal;
  terminal.print(plain(`Rehearsed on ${copyWords[copy.kind]} of ${rehearsal.environment}, made on ${copy.place}.`));
  terminal.print(`\n${formatTable(stepColumns, steps, terminal)}`);
  for (const step of steps) printStatements(step, terminal);
  if (rehearsal.rows.length > 0) terminal.print(terminal.style('bold', '\nRows'));
  for (const { table, before, after } of rehearsal.rows)
    terminal.print(`  ${plain(table)}: ${before ?? 'no table'} before, ${after ?? 'no table'} after`);
  if (rehearsal.schema.length > 0) terminal.print(terminal.style('bold', '\nSchema'));
  for (const change of rehearsal.schema) terminal.print(`  ${plain(describeChange(change))}`);
  if (back !== null) terminal.print(`\n${plain(backWords(back))}`);
  for (const found of rehearsal.unsound) terminal.note(plain(found));
  for (const limit of copy.limits) terminal.note(plain(limit));
  for (const problem of [rehearsal.problem, back?.problem ?? null])
    if (problem !== null) terminal.problem(`\n${formatProblem(problem, terminal)}`);
}

const stepColumns: readonly Column<RehearsedStep>[] = [
  { title: 'Outcome', value: (row) => row.outcome, style: (row) => (row.outcome === 'succeeded' ? 'green' : 'red') },
  { title: 'Version', value: (row) => row.version },
  { title: 'Name', value: (row) => row.name },
  { title: 'Took', align: 'right', value: (row) => formatDuration(row.durationMs) },
  { title: 'Estimate', align: 'right', value: (row) => formatDuration(row.estimateMs) },
];

function printStatements({ version, statements }: RehearsedStep, terminal: Terminal): void {
  const told = statements.filter((one) => seenOf(one).length > 0);
  if (told.length === 0) return;
  terminal.print(terminal.style('bold', `\n${plain(version)}`));
  for (const one of told)
    terminal.print(plain(`  line ${one.line}, ${formatDuration(one.durationMs)}: ${seenOf(one).join('; ')}`));
}

function seenOf({ locks, rewritten, scanned, algorithm, rows, lockedRows }: RehearsedStatement): string[] {
  return [
    ...(rewritten ?? []).map((table) => `${table} was written anew`),
    ...(scanned ?? []).map((table) => `${table} was read as a whole`),
    ...(locks ?? []).map(({ table, mode }) => `${mode} on ${table}`),
    ...(algorithm === null ? [] : [`the server accepts ${algorithm.algorithm}`]),
    ...(rows === null ? [] : [`${rows} rows`]),
    ...(lockedRows === null ? [] : [`${lockedRows} rows locked`]),
  ];
}

function backWords({ versions, stoppedAt, problem }: NonNullable<Rehearsal['back']>): string {
  const way = stoppedAt === null ? '' : ` ${stoppedAt} has no way back.`;
  if (versions.length === 0) return `Nothing could be rolled back.${way}`;
  const count = versions.length === 1 ? '1 migration' : `${versions.length} migrations`;
  return `Rolled back ${count}, ${problem === null ? 'which restores schema and rows, and applied again' : 'and something is wrong with that'}.${way}`;
}
