/** `snapshot`, `diff` and `drift`. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeChange } from '../../../shared/model/describeSchema.ts';
import type {
  DriftReport,
  SchemaChange,
  SchemaComparison,
  SnapshotComparison,
} from '../../../shared/model/snapshot.ts';
import { usualComparison } from '../../../shared/model/snapshot.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { compareSchemas } from '../../services/compareSchemas.ts';
import { acceptDrift, findDrift } from '../../services/findDrift.ts';
import { readSnapshot } from '../../services/schemaSnapshots.ts';
import { writeDifference } from '../../services/writeDifference.ts';
import { formatTime } from '../format.ts';
import type { Define, Invocation } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';

export const snapshotCommand: Define = (program, bind) => {
  const command = program
    .command('snapshot')
    .description('the schema as objects; --out writes it to a file that diff can read')
    .option('--out <file>');
  bind(command, async ({ backend, target, terminal }) => {
    const { context } = await backend();
    const snapshot = await readSnapshot(context, await target());
    const { out } = command.opts<{ out?: string }>();
    if (out !== undefined) await writeFile(resolve(out), `${JSON.stringify(snapshot, null, 1)}\n`);
    if (terminal.machine) terminal.document(snapshot);
    else {
      const counts = Map.groupBy(snapshot.objects, ({ kind }) => kind);
      for (const [kind, objects] of counts) terminal.print(`${String(objects.length).padStart(6)}  ${kind}`);
      terminal.print(
        `Schema ${snapshot.sha256.slice(0, 12)} of ${plain(snapshot.database)}${out === undefined ? '' : `, written to ${out}`}.`,
      );
    }
    return exitCodes.done;
  });
};

export const diffCommand: Define = (program, bind) => {
  const command = program
    .command('diff <before> <after>')
    .description(
      'two schemas: names of environments, files of snapshot --out, or history:VERSION; exit 4 when they differ',
    )
    .option('--sql', 'print the SQL that leads from the first to the second')
    .option('--column-order', 'the order of columns counts')
    .option('--ignore-comments', 'comments do not count');
  bind(command, async (invocation, { args }) => {
    const { terminal } = invocation;
    const options = command.opts<{ sql?: true; columnOrder?: true; ignoreComments?: true }>();
    const { context } = await invocation.backend();
    const ignoring: SnapshotComparison = {
      ...usualComparison,
      columnOrder: options.columnOrder !== true,
      comments: options.ignoreComments === true,
    };
    const [before = '', after = ''] = args;
    const compared = await compareSchemas(context, {
      before,
      after,
      target: await namedTarget(invocation),
      ignoring,
      files: true,
    });
    if (terminal.machine) terminal.document(compared);
    else if (options.sql === true) printSql(compared, terminal);
    else printChanges(compared.changes, compared.ignored, `${plain(before)} and ${plain(after)} are equal`, terminal);
    return compared.changes.length === 0 ? exitCodes.done : exitCodes.verification;
  });
};

/** Only `history:` needs one. */
const namedTarget = async (invocation: Invocation) => {
  const { env, url, urlEnv } = invocation.options;
  return env === undefined && url === undefined && urlEnv === undefined ? null : await invocation.target();
};

export const driftCommand: Define = (program, bind) => {
  const command = program
    .command('drift')
    .description('what differs from the schema that the last run left; exit 4 when something does')
    .option('--accept-schema', 'from now on this schema is the expected one; --reason is needed')
    .option('--reason <text>', 'kept in the audit log')
    .option('--write-migration <name>', 'a new migration that makes the same elsewhere')
    .option('--write-undo <name>', 'a new migration that takes it back here');
  bind(command, async (invocation) => {
    const { terminal } = invocation;
    const options = command.opts<{
      acceptSchema?: true;
      reason?: string;
      writeMigration?: string;
      writeUndo?: string;
    }>();
    const { context } = await invocation.backend();
    const target = await invocation.target();
    const name = options.writeMigration ?? options.writeUndo;
    if (name !== undefined) {
      const direction = options.writeMigration === undefined ? 'undo' : 'keep';
      const written = await writeDifference(context, target, { name, direction });
      if (terminal.machine) terminal.document(written);
      else {
        terminal.print(`✓ Written: ${written.files.map(plain).join(', ')}`);
        for (const what of written.unwritten) terminal.note(`To write by hand: ${plain(what)}`);
        if (direction === 'keep')
          terminal.note(
            `Here it is in the database already: lockkeeper repair --mark-applied ${written.version} --reason …`,
          );
      }
      return exitCodes.done;
    }
    if (options.acceptSchema === true) {
      const report = await acceptDrift(context, target, options.reason ?? '');
      if (terminal.machine) terminal.document(report);
      else terminal.print('✓ This schema is the expected one from now on.');
      return exitCodes.done;
    }
    const report = await findDrift(context, target);
    if (terminal.machine) terminal.document(report);
    else printDrift(report, terminal);
    return report.changes.length === 0 ? exitCodes.done : exitCodes.verification;
  });
};

function printDrift({ recorded, changes, ignored, environment }: DriftReport, terminal: Terminal): void {
  if (recorded === null) {
    terminal.print(
      `No schema of ${plain(environment)} was recorded yet: it is after each run, or now with --accept-schema.`,
    );
    return;
  }
  const since = `${formatTime(recorded.takenAt)}${recorded.version === null ? '' : ` at ${plain(recorded.version)}`}`;
  printChanges(changes, ignored, `No drift: the schema is the one recorded ${since}`, terminal);
  if (changes.length > 0)
    terminal.note('Next: --accept-schema --reason …, --write-migration NAME, or --write-undo NAME.');
}

const signs = { added: '+', removed: '-', changed: '~' } as const;
const colours = { added: 'green', removed: 'red', changed: 'yellow' } as const;

function printChanges(
  changes: readonly SchemaChange[],
  ignored: readonly string[],
  equal: string,
  terminal: Terminal,
): void {
  if (changes.length === 0) terminal.print(`${terminal.style('green', '✓')} ${equal}.`);
  for (const change of changes)
    terminal.print(`${terminal.style(colours[change.change], signs[change.change])} ${plain(describeChange(change))}`);
  if (ignored.length > 0) terminal.note(`Not compared: ${ignored.join(', ')}.`);
}

function printSql({ sql, unwritten }: SchemaComparison, terminal: Terminal): void {
  if (sql === null) terminal.print('These are schemas of two engines: no SQL leads from one to the other.');
  else terminal.print(sql === '' ? '-- nothing to do' : plain(sql));
  for (const what of unwritten) terminal.note(`To write by hand: ${plain(what)}`);
}
