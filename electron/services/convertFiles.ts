/** Another tool's files in our own format, as they would be written into a new folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Migration, Script } from '../../shared/model/migration.ts';
import { type Problem, ProblemError, raise } from '../../shared/problem.ts';
import { compareSegments, fileSlug } from '../tools/common/versions.ts';
import { lockkeeper } from '../tools/lockkeeper/index.ts';
import { withoutForeignMarks, writtenText } from '../tools/lockkeeper/written.ts';
import { isCode } from '../tools/programs/readProgram.ts';
import type { ReadResult } from '../tools/tool.ts';
import { readScript } from './keepScripts.ts';
import { numbersOf } from './matchMigrations.ts';
import type { OpenSource } from './readSource.ts';
import { isEmptyFolder, type NewFile, removeFiles, writeFiles } from './writeFiles.ts';

export interface ConvertedFiles {
  /** Absolute path of the new folder. */
  readonly folder: string;
  readonly files: readonly NewFile[];
  /** The file of each migration, by its history key in the other tool. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Nothing is written into the folder. @throws {ProblemError} `adopt.unsupported` naming what cannot be converted */
export async function convertFiles(source: OpenSource, folder: string): Promise<ConvertedFiles> {
  if (!(await isEmptyFolder(folder))) throw new ProblemError(notEmpty(folder));
  const migrations = source.migrations.filter(({ ignored }) => ignored === undefined);
  for (const migration of migrations) requireConvertible(migration, source);
  const versions = versionsOf(migrations);
  const converted = new Map<string, NewFile>();
  for (const [index, migration] of migrations.entries()) {
    const file = `${versions[index] ?? ''}_${fileSlug(migration.name)}.sql`;
    converted.set(migration.historyKey, { path: file, text: await textOf(migration, source) });
  }
  return {
    folder: path.resolve(folder),
    files: [...converted.values()],
    paths: new Map([...converted].map(([key, file]) => [key, file.path])),
  };
}

/** As our tool reads them, from a folder that is gone again afterwards. @throws {ProblemError} what it finds wrong */
export async function readConverted({ files }: ConvertedFiles): Promise<ReadResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-converted-'));
  try {
    await writeFiles(folder, files);
    const read = await lockkeeper.read(folder, { engine: null, placeholders: {}, historyTable: null });
    const [problem] = read.problems;
    if (problem !== undefined) throw new ProblemError(cannotConvert(problem));
    return read;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns what takes them away again. @throws {ProblemError} when something is in the folder by now */
export async function writeConverted({ folder, files }: ConvertedFiles): Promise<() => Promise<void>> {
  if (!(await isEmptyFolder(folder))) throw new ProblemError(notEmpty(folder));
  await writeFiles(folder, files);
  return () =>
    removeFiles(
      folder,
      files.map((file) => file.path),
    );
}

const notEmpty = (folder: string): Problem => ({
  code: 'source.exists',
  message: `There is something in ${folder} already.`,
  state: 'Nothing was overwritten; the database was not changed.',
  hint: 'Name a folder that is new or empty.',
  path: folder,
});

const cannotConvert = (problem: Problem): Problem => ({
  ...problem,
  code: 'adopt.unsupported',
  message: `A file cannot be written in our own format: ${problem.message}`,
});

function requireConvertible(
  { kind, up, down, notRunnable, condition, version }: Migration,
  { tool }: OpenSource,
): void {
  const program = [up, down].some((script) => script !== null && (script.kind === 'program' || isCode(script.path)));
  const why = program
    ? 'it is a program: what it does is known only by running it.'
    : notRunnable !== undefined
      ? notRunnable
      : condition !== undefined
        ? 'it asks the database whether it runs, which our own format cannot.'
        : kind === 'versioned'
          ? null
          : `our own format has no ${kind} migrations.`;
  if (why === null) return;
  raise({
    code: 'adopt.unsupported',
    message: `Migration ${version} of ${tool.title} cannot be converted: ${why}`,
    hint: 'Write it anew in a folder of the other tool, and name that folder with --source-to: histories are then moved without converting.',
    path: up.path,
  });
}

/** Those of the other tool where they are numbers in order, else the place in the order. */
function versionsOf(migrations: readonly Migration[]): string[] {
  const versions = migrations.map((migration) => numbersOf(migration) ?? '');
  const ascending = versions.every(
    (version, index) => version !== '' && (index === 0 || compareSegments(versions[index - 1] ?? '', version) < 0),
  );
  return ascending ? versions : versions.map((_, index) => String(index + 1).padStart(4, '0'));
}

async function textOf(migration: Migration, source: OpenSource): Promise<string> {
  const read = async (script: Script | null) => (script === null ? null : ownText(script, migration, source));
  const up = await ownText(migration.up, migration, source);
  return writtenText(migration, { up, down: await read(migration.down), verify: await read(migration.verify) });
}

async function ownText(script: Script, { version }: Migration, source: OpenSource): Promise<string> {
  const text = withoutForeignMarks(await readScript(script, source.scripts));
  if (script.placeholders !== true && text.includes('${'))
    raise({
      code: 'adopt.unsupported',
      message: `Migration ${version} has “\${” in ${script.path}, which stands for a value in our own format and for itself in ${source.tool.title}’s.`,
      hint: 'Convert the files by hand, with braces doubled for it, and name their folder with --source-to.',
      path: script.path,
    });
  return text;
}
