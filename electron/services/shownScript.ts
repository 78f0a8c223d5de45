import type { Script } from '../../shared/model/migration.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { yieldedScript } from '../engine/textScript.ts';
import type { Context } from './context.ts';
import type { OpenSource } from './readSource.ts';
import { isTrusted } from './trust.ts';

export interface ShownScript {
  /** Null: it is code that is not trusted, or whose SQL is known only when it runs. */
  readonly script: Script | null;
  readonly problems: readonly Problem[];
}

/** A script as the SQL it is; of a program, where that may be run, the SQL that it yields. */
export async function shownScript(context: Context, source: OpenSource, script: Script | null): Promise<ShownScript> {
  if (script?.kind !== 'program') return { script, problems: [] };
  const isSound = !source.problems.some((problem) => problem.path === script.path);
  if (!isSound || !isTrusted(context, script)) return { script: null, problems: [] };
  try {
    const preview = await source.programs.preview(script);
    return { script: preview.kind === 'sql' ? yieldedScript(script.path, preview.sql) : null, problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return { script: null, problems: [thrown.problem] };
  }
}
