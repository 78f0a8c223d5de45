// A temporary project with the libraries that ours has installed, and its migrations run on a database.
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ExecutionReport } from '../../electron/engine/execute.ts';
import type { Session } from '../../electron/engine/ports.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import type { ReadResult } from '../../electron/tools/tool.ts';
import { type Engine, type EngineDatabase, engines } from '../conformance/drivers.ts';
import { folderOf } from './folder.ts';
import { read } from './reading.ts';
import { type Bench, run, send } from './running.ts';

/** The folder `migrations` of a project; the names of files are relative to the project. */
export async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderOf({ 'package.json': '{}', ...files });
  onTestFinished(() => folder[Symbol.asyncDispose]());
  await symlink(join(import.meta.dirname, '../../node_modules'), join(folder.path, 'node_modules'));
  return join(folder.path, 'migrations');
}

export const sqlite: Engine = engineOf('sqlite');

export function engineOf(id: Engine['driver']['id']): Engine {
  const found = engines.find(({ driver }) => driver.id === id);
  if (found === undefined) throw new Error(`no ${id} under test`);
  return found;
}

export interface Desk {
  readonly session: Session;
  readonly bench: Bench;
  readonly source: ReadResult;
  /** Applies or reverts the migration of that key. */
  perform(key: string, action?: 'apply' | 'revert'): Promise<ExecutionReport>;
}

/** The folder read for an engine, with an empty database of it that has the tool's table. */
export async function deskFor(tool: string, root: string, engine: Engine = sqlite): Promise<Desk> {
  const { driver } = engine;
  const database: EngineDatabase = await engine.createDatabase();
  onTestFinished(() => database[Symbol.asyncDispose]());
  const session = await driver.connect(database.connection, {
    password: database.password,
    applicationName: 'tools',
    readOnly: false,
    connectTimeoutMs: 20_000,
    lockTimeoutMs: 2_000,
  });
  onTestFinished(() => session.close());
  const source = await read(tool, root, driver.id);
  const bench = { session, driver, root, history: toolFor(tool).history(driver.id, driver.dialect, null) };
  await send(session, bench.history.create());
  return {
    session,
    bench,
    source,
    perform(key, action = 'apply') {
      const migration = source.source.migrations.find(({ historyKey }) => historyKey === key);
      if (migration === undefined) throw new Error(`no migration ${key}`);
      return run(bench, migration, action);
    },
  };
}
