import { Option } from 'commander';
import type { PruneReport } from '../../../shared/contract/views.ts';
import { type ArchiveFormat, archiveFormats, type Backup } from '../../../shared/model/backup.ts';
import { exitCodeOf, exitCodes, type Problem } from '../../../shared/problem.ts';
import { recordExternalBackup } from '../../services/externalBackups.ts';
import { listBackups } from '../../services/listBackups.ts';
import { pruneBackups } from '../../services/pruneBackups.ts';
import { startBackup, startCheck, startProof } from '../../services/startBackup.ts';
import type { BackupChoice } from '../../services/takeBackup.ts';
import { findEnvironment } from '../../services/target.ts';
import { type Column, formatBytes, formatDuration, formatTable, formatTime } from '../format.ts';
import { count, type Define, days } from '../invocation.ts';
import { followRun } from '../runOutput.ts';
import { plain, type Terminal } from '../terminal.ts';

const levelOf = ({ problem, level, external }: Backup): string =>
  problem !== null ? `✕ ${problem.code}` : external === undefined ? level : 'external';

const columns: readonly Column<Backup>[] = [
  { title: 'Id', value: (row) => row.id },
  { title: 'Environment', value: (row) => row.environment },
  { title: 'Level', value: levelOf },
  { title: 'Covers', value: (row) => `${row.covers}${row.encrypted ? ', encrypted' : ''}` },
  { title: 'Taken', value: (row) => formatTime(row.takenAt) },
  { title: 'Size', align: 'right', value: (row) => formatBytes(row.bytes) },
  { title: 'Path', value: (row) => row.path },
];

export const backupCommand: Define = (program, bind) => {
  const group = program.command('backup').description('backups');

  const create = group
    .command('create')
    .description('take a backup and check it')
    .addOption(new Option('--schema-only', 'the schema without rows').conflicts('tables'))
    .option('--tables <names>', 'only these tables, with commas between them', names)
    .addOption(new Option('--format <format>', 'PostgreSQL: its own archive, or SQL text').choices([...archiveFormats]))
    .addOption(
      new Option(
        '--prove',
        'prove it, too: restore it into a copy, and compare that with what was backed up',
      ).conflicts(['schemaOnly', 'tables']),
    );
  bind(create, async (invocation) => {
    const { context } = await invocation.backend();
    const started = await startBackup(
      context,
      await invocation.target(),
      choiceFrom(create.opts(), invocation.options.accept),
    );
    const run = await context.runs.get(started.id);
    return followRun(context, started, run.environment, invocation.terminal, invocation.options.events === true);
  });

  const list = group.command('list').description('backups, newest first');
  bind(list, async ({ backend, options, terminal }) => {
    const { context } = await backend();
    const backups = await listBackups(context, options.env ?? null);
    if (terminal.machine) terminal.document({ backups });
    else terminal.print(backups.length === 0 ? 'No backups yet.' : formatTable(columns, backups, terminal));
    return exitCodes.done;
  });

  const check = group
    .command('check')
    .argument('<id>')
    .description('read an archive to its end and compare it with its record');
  bind(check, async ({ backend, terminal }) => {
    const { context } = await backend();
    const id = check.args[0] ?? '';
    await startCheck(context, id).finished;
    const backup = context.workspace.backups.get(id);
    if (backup === null) throw new Error('A checked backup has left the catalogue');
    if (terminal.machine) terminal.document(backup);
    else
      terminal.print(
        backup.problem === null
          ? `✓ ${backup.level}: ${backup.path}`
          : `✕ ${backup.problem.message}\n  next ${backup.problem.hint}`,
      );
    if (!terminal.machine) for (const warning of backup.warnings ?? []) terminal.note(`Warning: ${plain(warning)}`);
    return backup.problem === null ? exitCodes.done : exitCodes.verification;
  });

  const prove = group
    .command('prove')
    .argument('<id>')
    .description('restore a backup into a copy that reaches nothing else, and compare that with what was backed up');
  bind(prove, async (invocation) => {
    const { context } = await invocation.backend();
    const { options, terminal } = invocation;
    const id = prove.args[0] ?? '';
    const named = options.env !== undefined || options.url !== undefined || options.urlEnv !== undefined;
    const started = await startProof(context, id, named ? await invocation.target() : null, options.accept ?? []);
    const { problem } = await started.finished;
    const backup = context.workspace.backups.get(id);
    if (backup === null) throw new Error('A backup that is being proven has left the catalogue');
    if (terminal.machine) terminal.document({ ...backup, problem });
    else printProof(backup, problem, terminal);
    return problem === null ? exitCodes.done : exitCodeOf(problem);
  });

  const record = group
    .command('record')
    .description('name a snapshot that somebody else has taken (of storage, of a machine, of a provider)')
    .requiredOption('--name <name>', 'by which it is found where it lies')
    .requiredOption('--reason <text>', 'why it can be relied upon; kept in the audit log');
  bind(record, async (invocation) => {
    const { context } = await invocation.backend();
    const { name, reason } = record.opts<{ name: string; reason: string }>();
    const backup = await recordExternalBackup(context, await invocation.target(), { name, reason });
    if (invocation.terminal.machine) invocation.terminal.document(backup);
    else invocation.terminal.print(`✓ recorded ${plain(name)} of ${plain(backup.environment)} as ${backup.id}`);
    return exitCodes.done;
  });

  const prune = group
    .command('prune')
    .description('remove old backups; never the newest good one, nor one that a recent run can be undone with')
    .option('--older-than <days>', 'older than this, e.g. 30d', days)
    .option('--keep <n>', 'all but the newest n whole ones; with --older-than both must hold', count)
    .option('--dry-run', 'only tell what would be removed');
  bind(prune, async ({ backend, options, terminal }) => {
    const { context } = await backend();
    const given = prune.opts<{ olderThan?: number; keep?: number; dryRun?: boolean }>();
    const report = await pruneBackups(context, {
      environment: options.env === undefined ? null : findEnvironment(context, options.env).name,
      olderThanDays: given.olderThan ?? null,
      keep: given.keep ?? null,
      dryRun: given.dryRun === true,
    });
    if (terminal.machine) terminal.document(report);
    else printPruned(report, terminal);
    return exitCodes.done;
  });
};

function printProof(backup: Backup, problem: Problem | null, terminal: Terminal): void {
  const { proof } = backup;
  if (problem !== null || proof === undefined) {
    terminal.print(`✕ ${plain(problem?.message ?? 'Not proven.')}\n  next ${plain(problem?.hint ?? '')}`);
    if (problem?.serverMessage !== undefined) terminal.print(plain(problem.serverMessage));
    return;
  }
  terminal.print(`✓ proven in ${formatDuration(proof.durationMs)}: ${backup.path}`);
  terminal.print(
    `  compared: ${Object.values(proof.objects).reduce((sum, number) => sum + number, 0)} objects, ${proof.rows} rows of ${proof.tables} tables (the content of ${proof.digested.length}), ${proof.sequences} sequences`,
  );
  if (proof.notDigested.length > 0) terminal.print(`  rows only counted: ${plain(proof.notDigested.join(', '))}`);
  for (const one of proof.notCovered) terminal.print(`  not proven: ${plain(one)}`);
}

interface CreateOptions {
  readonly schemaOnly?: boolean;
  readonly tables?: readonly string[];
  readonly format?: ArchiveFormat;
  readonly prove?: boolean;
}

/** `accept`: what may be done to prove it. */
const choiceFrom = (
  { schemaOnly, tables, format, prove }: CreateOptions,
  accept: readonly string[] = [],
): BackupChoice => ({
  ...(schemaOnly === true ? { covers: 'schema' } : {}),
  ...(tables === undefined ? {} : { covers: 'tables', tables }),
  ...(format === undefined ? {} : { format }),
  ...(prove === true ? { prove: accept } : {}),
});

const names = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** `30d`, or `30`. @throws {ProblemError} `usage.invalid` */
function printPruned({ removed, kept, dryRun }: PruneReport, terminal: Terminal): void {
  for (const { id, environment, takenAt, bytes, path } of removed)
    terminal.print(
      `${dryRun ? 'Would remove' : 'Removed'} ${id} of ${plain(environment)}, ${formatTime(takenAt)}, ${formatBytes(bytes)}: ${plain(path)}`,
    );
  for (const { id, environment, takenAt, why } of kept)
    terminal.print(`Kept ${id} of ${plain(environment)}, ${formatTime(takenAt)}: ${why}`);
  if (removed.length === 0)
    terminal.print(
      kept.length === 0
        ? 'Nothing is beyond the limits. Set them with --older-than and --keep, or in Settings.'
        : 'Nothing else is beyond the limits.',
    );
}
