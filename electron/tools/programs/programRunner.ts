/** Runs programs of one source. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramFile, ProgramScript } from '../../../shared/model/migration.ts';
import { nothingChanged, type Problem, ProblemError } from '../../../shared/problem.ts';
import type { LentSession, ProgramPreview, ProgramRunner } from '../../engine/ports.ts';
import { printable } from '../common/problems.ts';
import { ProgramProcess } from './childProcess.ts';
import { checkCommand, previewCommand, runCommand } from './commandRunner.ts';
import { changedFile } from './dataFiles.ts';
import type { FromChild, Start } from './protocol.ts';

export interface RunnerLimits {
  /** Milliseconds that collecting SQL may take. */
  readonly previewMs: number;
  /**
   * Milliseconds between two queries of a running program: its transaction stands open meanwhile, and PostgreSQL ends a
   * session that is idle in one for a minute.
   */
  readonly idleMs: number;
  /** Milliseconds that a project's own command may take; a person ends one sooner by cancelling. Usually six hours. */
  readonly commandMs?: number;
}

const usualLimits: RunnerLimits = { previewMs: 30_000, idleMs: 50_000 };
const usualCommandMs = 6 * 3600 * 1000;

/** Previews by what would be run: planning and starting ask for the same one. */
const previews = new Map<string, Promise<ProgramPreview>>();
const mostPreviews = 200;
/** Messages that a program may log; more would be its data. */
const mostLogged = 10_000;

/** `root`: absolute path of the source's folder. */
export function createProgramRunner(root: string, limits: RunnerLimits = usualLimits): ProgramRunner {
  const remembered = (script: ProgramScript, make: () => Promise<ProgramPreview>): Promise<ProgramPreview> => {
    const key = [root, script.program.digest, script.direction, script.program.library].join('\0');
    const known = previews.get(key);
    if (known !== undefined) return known;
    const preview = make();
    previews.set(key, preview);
    preview.catch(() => previews.delete(key));
    if (previews.size > mostPreviews) previews.delete(previews.keys().next().value ?? '');
    return preview;
  };
  return {
    preview(script) {
      const { command } = script.program;
      if (command !== undefined)
        return remembered(script, () => previewCommand(root, script, command, limits.previewMs));
      if (script.program.calledWith !== 'pgm') return Promise.resolve({ kind: 'runs' });
      return remembered(script, () => previewOf(root, script, limits));
    },
    async run(script, lent, signal) {
      const { command } = script.program;
      if (command !== undefined) {
        await runCommand(root, script, command, lent, { signal, limitMs: limits.commandMs ?? usualCommandMs });
        return { sql: null };
      }
      const end = await call(root, script, { lent, signal, limits });
      if (end.type === 'done') return { sql: end.sql };
      throw new ProblemError(endProblem(end, script));
    },
    async appliedElsewhere(script, signal) {
      const check = script.program.command?.check;
      return check == null ? null : checkCommand(root, script, check, { signal, limitMs: limits.previewMs });
    },
  };
}

async function previewOf(root: string, script: ProgramScript, limits: RunnerLimits): Promise<ProgramPreview> {
  const end = await call(root, script, { lent: null, signal: AbortSignal.timeout(limits.previewMs), limits });
  if (end.type === 'done' && end.sql !== null) return { kind: 'sql', sql: end.sql, transaction: end.transaction };
  if (end.type === 'asks' || end.type === 'done') return { kind: 'runs' };
  if (end.type === 'irreversible') return { kind: 'irreversible', reason: end.reason };
  throw new ProblemError(endProblem(end, script));
}

type Lost =
  | { readonly type: 'lost'; readonly how: string }
  | { readonly type: 'idle' }
  | { readonly type: 'cancelled' };
type End = Exclude<FromChild, { type: 'query' | 'log' | 'progress' }> | Lost;

interface Call {
  readonly lent: LentSession | null;
  readonly signal: AbortSignal;
  readonly limits: RunnerLimits;
}

/** Resolves when the process is gone and no query of it is under way. */
async function call(root: string, script: ProgramScript, { lent, signal, limits }: Call): Promise<End> {
  const changed = await changedFile(root, script.program);
  if (changed !== null) return { type: 'changed', path: changed };
  let end: End | null = null;
  let queries: Promise<unknown> = Promise.resolve();
  let running = 0;
  let logged = 0;
  let idle: NodeJS.Timeout | undefined;
  const finish = (reason: End): void => {
    end ??= reason;
    child.kill();
  };
  const listen = (): void => {
    clearTimeout(idle);
    if (running === 0) idle = setTimeout(() => finish({ type: 'idle' }), limits.idleMs);
  };
  const answer = async (message: FromChild & { type: 'query' }, session: LentSession): Promise<void> => {
    try {
      const answer = await session.query(message.sql, message.parameters, message.line);
      child.send({ type: 'rows', id: message.id, ...answer });
    } catch (thrown) {
      child.send({ type: 'refused', id: message.id, ...refusal(thrown) });
    } finally {
      running--;
      listen();
    }
  };
  const hear = (message: FromChild): void => {
    if (end !== null) return;
    if (message.type === 'query') {
      if (lent === null) return;
      running++;
      listen();
      // One session does one thing at a time, however many a program asks for at once.
      queries = queries.then(() => answer(message, lent));
    } else if (message.type === 'log') {
      if (++logged <= mostLogged) lent?.say('log', message.message);
    } else if (message.type === 'progress') lent?.progress(message.done, message.total);
    else end = message;
  };
  const child = new ProgramProcess(readable(root, script), realpathSync(root), {
    message: hear,
    output: (line) => lent?.say('output', line),
  });
  const stop = (): void => finish({ type: 'cancelled' });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  listen();
  child.start(startOf(root, script, lent));
  const how = await child.ended;
  clearTimeout(idle);
  signal.removeEventListener('abort', stop);
  await queries;
  return end ?? { type: 'lost', how };
}

const refusal = (thrown: unknown): { message: string; code: string | null } => ({
  message: thrown instanceof Error ? thrown.message : String(thrown),
  code: thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null,
});

const real = (root: string, path: string): string => realpathSync(join(root, path));

function readable(root: string, { program }: ProgramScript): { files: string[]; folders: string[] } {
  const library = program.library === null ? [] : [program.library];
  return {
    files: program.files.map(({ path }) => real(root, path)),
    folders: [...program.packages.flatMap(({ folder, links }) => [folder, ...links]), ...library],
  };
}

function startOf(root: string, { program, direction, path }: ProgramScript, lent: LentSession | null): Start {
  const code = program.files.filter(({ role }) => role === 'code');
  const realLinks = (links: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(links).map(([specifier, target]) => [specifier, real(root, target)]));
  return {
    type: 'start',
    main: real(root, path),
    direction,
    calledWith: program.calledWith,
    code: Object.fromEntries(code.map((file: ProgramFile) => [real(root, file.path), file.sha256])),
    links: Object.fromEntries(
      Object.entries(program.links).map(([from, links]) => [real(root, from), realLinks(links)]),
    ),
    packages: [...program.packages.map(({ folder }) => folder), ...(program.library === null ? [] : [program.library])],
    before: program.before.map((file) => real(root, file)),
    library: program.library,
    libraryNames: program.libraryNames,
    engine: program.engine,
    lent: lent !== null,
    inTransaction: lent?.inTransaction ?? false,
    wantsTransaction: lent?.wantsTransaction ?? false,
    database: lent?.database ?? '',
    product: lent?.product ?? '',
  };
}

function endProblem(end: Exclude<End, { type: 'done' }>, script: ProgramScript): Problem {
  const name = printable(script.path);
  const about = { state: nothingChanged, path: script.path };
  switch (end.type) {
    case 'failed':
      return {
        ...about,
        code: 'script.program',
        message: `${name} failed: ${printable(end.message)}`,
        hint: 'Correct the migration, then run again.',
        ...placeIn(end, script),
        serverMessage: end.stack,
      };
    case 'changed':
      return {
        ...about,
        code: 'plan.stale',
        message: `${printable(end.path)} is not what was trusted and planned any more.`,
        hint: 'Look at what changed, then trust and plan it again.',
      };
    case 'irreversible':
      return {
        ...about,
        code: 'plan.irreversible',
        message: `${name} cannot be rolled back: ${printable(end.reason)}.`,
        hint: 'Write a new migration that undoes it, or restore a backup taken before it.',
      };
    case 'asks':
      return {
        ...about,
        code: 'script.program',
        message: `${name} asked the database while its SQL was collected.`,
        hint: 'Run it; its SQL is known only then.',
      };
    case 'idle':
      return {
        ...about,
        code: 'script.program',
        message: `${name} was ended: it asked nothing of the database for too long.`,
        hint: 'Look for a loop or a wait without an end; what takes long without the database does not belong into a migration.',
      };
    case 'cancelled':
      return {
        ...about,
        code: 'run.cancelled',
        message: `${name} was ended before it was done.`,
        hint: 'Read the status; the same plan can be started again.',
      };
    case 'lost':
      return {
        ...about,
        code: 'script.program',
        message: `${name} ended without a word (${end.how}).`,
        hint: 'It may have ended its own process or used up its memory; look at its output.',
      };
  }
}

function placeIn(
  { place }: FromChild & { type: 'failed' },
  { path }: ProgramScript,
): { line?: number; column?: number } {
  // Of another file the stack tells: a line without its file would mislead.
  return place?.path.endsWith(path.replace(/^(\.\.\/)+/, '')) === true
    ? { line: place.line, column: place.column }
    : {};
}
