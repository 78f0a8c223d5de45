/** Everything Lockkeeper itself remembers on this computer; shared by window, command line and server, also at once. */
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientJournal } from '../engine/ports.ts';
import { Answers } from './answers.ts';
import { Audit } from './audit.ts';
import { Backups } from './backups.ts';
import { FileJournal } from './clientJournal.ts';
import { Columns } from './columns.ts';
import { isFileError, openDatabase, unwritable } from './database.ts';
import { Environments } from './environments.ts';
import { Fleets } from './fleets.ts';
import { emptyWhenMissing, linesOf } from './lineFile.ts';
import type { Policies } from './policy.ts';
import { Rehearsals } from './rehearsals.ts';
import { RunEvents } from './runEvents.ts';
import { runFile } from './runFiles.ts';
import { Runs } from './runs.ts';
import { Schedules } from './schedules.ts';
import { ScriptTexts } from './scriptTexts.ts';
import { Settings } from './settings.ts';
import { SharedSync } from './sharedSync.ts';
import { Snapshots } from './snapshots.ts';
import { Store } from './store.ts';
import { Tokens } from './tokens.ts';
import { Trusted } from './trusted.ts';
import { TrustedKeys } from './trustedKeys.ts';

export interface WorkspaceHealth {
  /** `ok`, or what SQLite found first. */
  readonly check: string;
  readonly schema: number;
  readonly bytes: number;
}

export interface Workspace {
  /** Absolute path. */
  readonly dataDirectory: string;
  readonly environments: Environments;
  readonly runs: Runs;
  readonly backups: Backups;
  readonly settings: Settings;
  readonly audit: Audit;
  readonly tokens: Tokens;
  readonly answers: Answers;
  readonly trusted: Trusted;
  readonly trustedKeys: TrustedKeys;
  readonly snapshots: Snapshots;
  readonly schedules: Schedules;
  readonly rehearsals: Rehearsals;
  readonly columns: Columns;
  readonly fleets: Fleets;
  readonly runEvents: RunEvents;
  /** An administrator's file that anybody could have written, and that therefore locks nothing; null: there is none. */
  readonly untrustedPolicy: string | null;
  readonly scriptTexts: ScriptTexts;
  clientJournal(runId: string): ClientJournal;
  /** What a run wrote into its client's journal, also if its process died; empty when there is none. */
  readClientJournal(runId: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /**
   * Resolves when everything that was noted before is on the disk, whatever becomes of this machine's power: what begins
   * a run waits for it. Whoever waits at the same time shares it.
   * @throws {ProblemError} `workspace.unwritable`
   */
  synced(): Promise<void>;
  /** Writes what is left of a run's files, and lets go of them. @throws {ProblemError} `workspace.unwritable` */
  endRun(runId: string): Promise<void>;
  health(): WorkspaceHealth;
  close(): Promise<void>;
}

/**
 * Opens the workspace of a data directory and makes what is missing.
 * @throws {ProblemError} `workspace.newer`; `workspace.damaged`, after which a new call goes on with what could be read;
 * `workspace.unwritable`
 */
export function openWorkspace(directory: string, policies: Policies = { locked: [], untrusted: null }): Workspace {
  const store = new Store(openDatabase(directory), directory);
  makeRunsDirectory(directory);
  const runEvents = new RunEvents(directory);
  const settings = new Settings(store, policies.locked);
  const journals = new Map<string, FileJournal>();
  const audit = new Audit(store);
  const sync = new SharedSync(async () => {
    const newest = audit.newest();
    await store.sync();
    audit.settle(newest);
  });
  return {
    dataDirectory: directory,
    environments: new Environments(store, settings),
    runs: new Runs(store),
    backups: new Backups(store),
    settings,
    untrustedPolicy: policies.untrusted,
    audit,
    tokens: new Tokens(store),
    answers: new Answers(store),
    trusted: new Trusted(store),
    trustedKeys: new TrustedKeys(store),
    snapshots: new Snapshots(store),
    schedules: new Schedules(store),
    rehearsals: new Rehearsals(store),
    columns: new Columns(store),
    fleets: new Fleets(store),
    runEvents,
    scriptTexts: new ScriptTexts(directory),
    clientJournal(runId) {
      const path = runFile(directory, runId, 'journal');
      if (path === null) throw new RangeError(`This is not the id of a run: ${runId}`);
      const journal = journals.get(runId) ?? new FileJournal(directory, path);
      journals.set(runId, journal);
      return journal;
    },
    async readClientJournal(runId) {
      const path = runFile(directory, runId, 'journal');
      return path === null ? [] : linesOf(await readFile(path, 'utf8').catch(emptyWhenMissing));
    },
    synced: () => sync.wait(),
    async endRun(runId) {
      const journal = journals.get(runId);
      journals.delete(runId);
      await Promise.all([runEvents.end(runId), journal?.close()]);
    },
    health: () => ({
      check: store.text('PRAGMA quick_check(1)') ?? '',
      schema: Number(store.text('PRAGMA user_version')),
      bytes: Number(store.text('PRAGMA page_count')) * Number(store.text('PRAGMA page_size')),
    }),
    async close() {
      await Promise.all([runEvents.close(), ...journals.values().map((journal) => journal.close())]);
      store.close();
    },
  };
}

function makeRunsDirectory(directory: string): void {
  try {
    mkdirSync(join(directory, 'runs'), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw isFileError(error) ? unwritable(directory, error) : error;
  }
}
