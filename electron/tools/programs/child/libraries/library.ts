/** What the runs of the libraries' migrations have in common. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { EngineId } from '../../../../../shared/model/environment.ts';
import type { FromChild, Start } from '../../protocol.ts';
import { standIn } from '../drivers/index.ts';
import { createLink, type Link } from '../drivers/link.ts';
import type { Handle } from '../handle.ts';

export interface Library {
  /** Loads a part of it; without a path its main entry. */
  load(path?: string): unknown;
  readonly engine: EngineId;
  readonly link: Link;
  /** In place of the engine's driver package. */
  readonly driver: object;
}

export function libraryOf(start: Start, handle: Handle): Library {
  const folder = start.library ?? '';
  const load = createRequire(join(folder, 'package.json'));
  const engine = start.engine ?? 'postgres';
  const link = createLink(engine, handle, start.inTransaction);
  return { load: (path = '') => load(join(folder, path)), engine, link, driver: standIn(link) };
}

/** A function of the migration, or why there is none. */
export function actionOf(actions: Readonly<Record<string, unknown>>, { direction }: Start): Action | FromChild {
  const action = actions[direction];
  if (typeof action === 'function') return (...given) => action.apply(actions, given);
  return direction === 'down'
    ? { type: 'irreversible', reason: 'it exports no function “down”' }
    : { type: 'failed', message: 'It exports no function “up”.', stack: '', place: null };
}

export type Action = (...given: readonly unknown[]) => unknown;

/** Waits for what the migration did not, and judges how it left the session. */
export async function concluded({ link }: Library, handle: Handle): Promise<FromChild> {
  await handle.settled();
  const complaint = link.complaint();
  return complaint === null
    ? { type: 'done', sql: null, transaction: true }
    : { type: 'failed', message: complaint, stack: '', place: null };
}
