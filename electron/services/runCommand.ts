import { commandFor } from './commandFor.ts';
import type { TargetDatabase } from './target.ts';

/** `lockkeeper run <verb> ID …`, with the database named so that it works without the workspace, too. */
export function runCommandFor(verb: string, run: string, target: TargetDatabase, more = ''): string {
  const command = commandFor('run', target).replace(/^lockkeeper run/, `lockkeeper run ${verb} ${run}`);
  return more === '' ? command : `${command} ${more}`;
}
