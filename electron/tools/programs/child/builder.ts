/** Calls a migration of node-pg-migrate with that tool's own builder, as its runner does (src/migration.ts), and collects the SQL. */
import { pathToFileURL } from 'node:url';
import type { FromChild, Start } from '../protocol.ts';
import { type Actions, loadActions } from './actions.ts';
import type { Handle } from './handle.ts';
import { lineOfMain } from './places.ts';

export class IrreversibleError extends Error {}

/** Asked the database where there is none. */
class AsksError extends Error {}

interface Builder {
  getSqlSteps(): string[];
  isUsingTransaction(): boolean;
  enableReverseMode(): unknown;
  readonly [method: string]: unknown;
}

type BuilderClass = new (database: object, shorthands: object, decamelize: boolean, logger: object) => Builder;
type Action = (pgm: Builder, done?: () => void) => unknown;

export async function runBuilder(start: Start, handle: Handle): Promise<FromChild> {
  let shorthands = {};
  for (const path of start.before) shorthands = { ...shorthands, ...shorthandsOf(await loadActions(path)) };
  const actions = await loadActions(start.main);
  shorthands = { ...shorthands, ...shorthandsOf(actions) };
  const { action, reversed } = actionOf(actions, start.direction);
  const log = (...words: readonly unknown[]): void => handle.given.log(...words);
  const MigrationBuilder = await builderClass(start.library ?? '');
  let asks = false;
  const database = start.lent
    ? lentDatabase(handle)
    : noDatabase(() => {
        asks = true;
      });
  const pgm = new MigrationBuilder(database, shorthands, false, { debug: log, info: log, warn: log, error: log });
  if (reversed) pgm.enableReverseMode();
  const steps = collect(pgm, start, reversed);
  try {
    await call(action, steps.pgm);
    await handle.settled();
  } catch (thrown) {
    if (asks) return { type: 'asks' };
    throw inferring(thrown);
  }
  if (asks) return { type: 'asks' };
  return { type: 'done', sql: steps.sql(), transaction: pgm.isUsingTransaction() };
}

const shorthandsOf = (actions: Actions): object => {
  const { shorthands } = actions;
  return typeof shorthands === 'object' && shorthands !== null ? shorthands : {};
};

async function builderClass(folder: string): Promise<BuilderClass> {
  const loaded: { MigrationBuilder: BuilderClass } = await import(
    pathToFileURL(`${folder}/dist/legacy/migrationBuilder.js`).href
  );
  return loaded.MigrationBuilder;
}

/** Without a `down`, `up` is run in reverse; `false` says that there is no way back. */
function actionOf(actions: Actions, direction: Start['direction']): { action: Action; reversed: boolean } {
  const reversed = direction === 'down' && (actions['down'] === undefined || actions['down'] === actions['up']);
  const action = reversed ? actions['up'] : actions[direction];
  if (action === false && direction === 'down')
    throw new IrreversibleError('its author switched the rollback off (down = false)');
  if (typeof action !== 'function') throw new Error(`It exports no function “${direction}”.`);
  return { action: action as Action, reversed };
}

/** With two parameters it tells by a call that it is done. */
async function call(action: Action, pgm: Builder): Promise<void> {
  if (action.length === 2) await new Promise<void>((resolve) => action(pgm, resolve));
  else await action(pgm);
}

function inferring(thrown: unknown): unknown {
  const message = thrown instanceof Error ? thrown.message : '';
  return message.startsWith('Impossible to automatically infer down migration')
    ? new IrreversibleError('it has no “down”, and part of its “up” has no reverse')
    : thrown;
}

/** Notes for each piece of SQL which line of the migration asked for it. */
function collect(pgm: Builder, start: Start, reversed: boolean): { pgm: Builder; sql(): string } {
  const lines: number[] = [];
  const noted = new Proxy(pgm, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]): unknown => {
        const line = lineOfMain(new Error().stack ?? '', start);
        const result: unknown = Reflect.apply(value, target, given);
        const count = target.getSqlSteps().length;
        while (lines.length < count) lines.push(line);
        return result;
      };
    },
  });
  return {
    pgm: noted,
    sql() {
      const steps = pgm.getSqlSteps();
      const places = reversed ? lines.toReversed() : lines;
      return steps.map((sql, index) => `-- line ${places[index] ?? 1}\n${sql}\n`).join('\n');
    },
  };
}

function noDatabase(asked: () => void): object {
  const refuse = async (): Promise<never> => {
    asked();
    throw new AsksError('The database is not there while SQL is collected.');
  };
  return { query: refuse, select: refuse, column: refuse };
}

function lentDatabase({ given }: Handle): object {
  const rowsOf = async (asked: unknown, values?: readonly unknown[]) => {
    const { text, parameters } = queryOf(asked, values);
    return given.query(text, parameters);
  };
  return {
    query: async (asked: unknown, values?: readonly unknown[]) => {
      const rows = await rowsOf(asked, values);
      return { rows, rowCount: rows.affectedRows ?? rows.length };
    },
    select: rowsOf,
    column: async (name: string, asked: unknown, values?: readonly unknown[]) =>
      (await rowsOf(asked, values)).map((row) => row[name]),
  };
}

/** A text with its values, or both in one object, as the `pg` package takes them. */
function queryOf(
  asked: unknown,
  values: readonly unknown[] | undefined,
): { text: string; parameters: readonly unknown[] } {
  if (typeof asked === 'string') return { text: asked, parameters: values ?? [] };
  if (typeof asked !== 'object' || asked === null) throw new TypeError('A query is a text or an object with one.');
  const own: unknown = Reflect.get(asked, 'values');
  return { text: String(Reflect.get(asked, 'text')), parameters: values ?? (Array.isArray(own) ? own : []) };
}
