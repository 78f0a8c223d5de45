/** Real SQLite files in a temporary folder, and sessions on them that end with the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SessionOptions } from '../../../electron/databases/driver.ts';
import { createDatabase } from '../../../electron/databases/sqlite/connect.ts';
import { sqliteDriver } from '../../../electron/databases/sqlite/index.ts';
import type { MessageObserver, Session, Unit, UnitResult } from '../../../electron/engine/ports.ts';
import { MessageFault, ServerFault } from '../../../electron/engine/ports.ts';
import { usualOptions } from './parts.ts';

export * from './parts.ts';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-sqlite-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function emptyDatabase(): Promise<string> {
  const file = join(temporaryFolder(), 'app.db');
  await createDatabase(file);
  return file;
}

export async function openSession(file: string, options: Partial<SessionOptions> = {}): Promise<Session> {
  const session = await sqliteDriver.connect({ engine: 'sqlite', file }, { ...usualOptions, ...options });
  onTestFinished(() => session.close());
  return session;
}

export class Observed implements MessageObserver {
  readonly units: number[] = [];
  readonly results: UnitResult[] = [];
  readonly notices: string[] = [];

  completed(unit: number, result: UnitResult): void {
    this.units.push(unit);
    this.results.push(result);
  }

  notice(_severity: string, message: string): void {
    this.notices.push(message);
  }
}

export async function send(session: Session, ...units: Unit[]): Promise<Observed> {
  const observed = new Observed();
  await session.send(units, observed);
  return observed;
}

/** The fault that sending must end with. */
export const failedSend = (session: Session, ...units: Unit[]): Promise<MessageFault> =>
  failureOf(session.send(units, new Observed()));

export async function failureOf(sending: Promise<void>): Promise<MessageFault> {
  try {
    await sending;
  } catch (error) {
    if (error instanceof MessageFault) return error;
    throw error;
  }
  throw new Error('No unit failed.');
}

export async function faultOf(promise: Promise<unknown>): Promise<ServerFault> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ServerFault) return error;
    throw error;
  }
  throw new Error('Nothing failed.');
}
