/** What a restore would do, what it would lose and what it needs. A question: nothing is written. */
import path from 'node:path';
import type { Hazard } from '../../shared/model/plan.ts';
import type { OpenSession, RestorePlacement, RestorePlan } from '../../shared/model/restore.ts';
import { type Problem, ProblemError, raise } from '../../shared/problem.ts';
import { orUnknown } from '../backups/countRows.ts';
import { type Archive, recogniseDump } from '../backups/restore/archive.ts';
import { stampOf } from '../backups/restore/names.ts';
import type { RestoreNames, RestoreRequest, Restorer } from '../backups/restorer.ts';
import { restorerFor } from '../backups/restorers.ts';
import { type GateNeeds, gateNeeds } from '../engine/gate.ts';
import { ServerFault, type Session } from '../engine/ports.ts';
import { gateFacts } from './approvals.ts';
import { unlockArchive } from './archiveKeys.ts';
import type { Context } from './context.ts';
import { hazardsOf, runsSince, unfit, viewArchive } from './describeRestore.ts';
import { migrationsSince } from './laterMigrations.ts';
import { asProblem } from './problems.ts';
import { type HoldingProtection, protectionOf } from './protection.ts';
import { settingsOf } from './settingsOf.ts';
import { openSession, resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';
import { viewGate } from './viewGate.ts';

export interface RestoreWanted {
  /** The backup's id; null with `file`. */
  readonly backup: string | null;
  /** Somebody else's dump. */
  readonly file: string | null;
  /** Null: the environment that the backup is of. */
  readonly target: TargetRequest | null;
  readonly placement: RestorePlacement;
  /** With `into`: the database's name, or the file's path. */
  readonly into: string | null;
}

/** A plan with everything that restoring needs. */
export interface PreparedRestore {
  readonly plan: RestorePlan;
  readonly gate: GateNeeds;
  readonly target: TargetDatabase;
  readonly archive: Archive;
  readonly names: RestoreNames;
  readonly intoExisting: boolean;
  /** Of server and database. */
  readonly serverId: string;
}

/** With the dump program that is set for the environment. */
export const restorerOf = (context: Context, { driver, environment }: TargetDatabase): Restorer =>
  restorerFor(driver.id, settingsOf(context, environment).backup.dumpCommand);

/** Rows counted for showing what is lost: a blink. */
const COUNTED_TO_SHOW = 200_000;

/** @throws {ProblemError} when backup, dump or database cannot be read; what prevents the restore is in the plan */
export async function planRestore(context: Context, wanted: RestoreWanted): Promise<PreparedRestore> {
  const archive = await findArchive(context, wanted);
  const target = await resolveTarget(context, wanted.target ?? environmentOf(context, archive));
  const restorer = restorerOf(context, target);
  return withSession(context, target, async (session) => {
    const names = await freeNames(context, wanted, target, restorer, session);
    const intoExisting = wanted.placement === 'into' && (await restorer.exists(session, names.restored));
    const prepared = { target, archive, names, intoExisting, serverId: session.identity.id };
    const request = restoreRequest(context, { ...prepared, placement: wanted.placement }, session, true);
    const { sessions, warnings, problem } = await preflight(restorer, request);
    const held = protectionOf(context, target, session);
    const hazards = hazardsOf(archive, target, wanted.placement, names, sessions);
    const gate = restoreGate(context, held, hazards, wanted.placement);
    const now = wanted.placement === 'swap' ? await orUnknown(restorer.countRows(session, COUNTED_TO_SHOW)) : null;
    const problems = [...unfit(archive, target, wanted.placement), held.problem, problem].filter((one) => one !== null);
    const plan: RestorePlan = {
      ...viewArchive(archive, now),
      placement: wanted.placement,
      environment: target.environment.name,
      server: target.driver.formatUrl(target.environment.connection),
      live: names.live,
      restored: names.restored,
      kept: wanted.placement === 'swap' ? names.kept : null,
      migrationsSince: await migrationsSince(target, session, archive),
      runsSince: runsSince(context, target, archive),
      sessions,
      warnings,
      hazards,
      gate: viewGate(gate),
      problems,
    };
    return { ...prepared, plan, gate };
  });
}

async function findArchive(context: Context, wanted: RestoreWanted): Promise<Archive> {
  if (wanted.file !== null) return recogniseDump(path.resolve(wanted.file));
  const backup = wanted.backup === null ? null : context.workspace.backups.get(wanted.backup);
  if (backup !== null && backup.external === undefined) {
    await unlockArchive(context, backup);
    return { kind: 'backup', backup };
  }
  return raise({
    code: 'backup.notFound',
    message: wanted.backup === null ? 'Which backup?' : `There is no backup ${wanted.backup}.`,
    hint: 'List the backups with: lockkeeper backup list',
  });
}

function environmentOf(context: Context, archive: Archive): TargetRequest {
  const name = archive.kind === 'backup' ? archive.backup.environment : null;
  const environment = name === null ? null : context.workspace.environments.find(name);
  if (environment !== null) return { kind: 'environment', nameOrId: environment.id };
  return raise({
    code: 'usage.invalid',
    message: name === null ? 'Restore into which database?' : `The backup is of ${name}, which is no environment here.`,
    hint: 'Name the database with --env, --url or --url-env.',
  });
}

/** Names that nobody uses yet; two restores within a second take two seconds' names. */
async function freeNames(
  context: Context,
  wanted: RestoreWanted,
  { environment }: TargetDatabase,
  restorer: Restorer,
  session: Session,
): Promise<RestoreNames> {
  for (let at = context.clock.now(); ; at += 1_000) {
    const names = restorer.names(environment.connection, stampOf(new Date(at)));
    if (await restorer.exists(session, names.restored)) continue;
    if (await restorer.exists(session, names.kept)) continue;
    if (wanted.placement !== 'into') return names;
    const into =
      wanted.into ?? raise({ code: 'usage.invalid', message: 'Into which database?', hint: 'Name it: --into NAME' });
    const restored = environment.connection.engine === 'sqlite' ? path.resolve(into) : into;
    if (restored === names.live)
      return raise({
        code: 'restore.unfit',
        message: `${restored} is the live database itself: nothing is restored over what is in use.`,
        hint: 'Restore without --into, which swaps the databases when all is verified.',
      });
    return { ...names, restored };
  }
}

/** `readOnly`: for asking only. */
export function restoreRequest(
  context: Context,
  prepared: Pick<PreparedRestore, 'target' | 'archive' | 'names' | 'intoExisting'> & { placement: RestorePlacement },
  session: Session,
  readOnly: boolean,
): RestoreRequest {
  const { target, archive, names, intoExisting, placement } = prepared;
  const { connection } = target.environment;
  return {
    connection,
    password: target.password,
    session,
    archive,
    names,
    intoExisting,
    swaps: placement === 'swap',
    dialect: target.driver.dialect,
    sql: target.driver.sql,
    closeSessions: false,
    folder:
      settingsOf(context, target.environment).backup.folder ?? path.join(context.workspace.dataDirectory, 'backups'),
    open: openOther(context, target, readOnly),
    note: async () => undefined,
  };
}

/** Opens sessions on other databases of the target's server. */
export const openOther =
  (context: Context, target: TargetDatabase, readOnly: boolean) =>
  (database: string): Promise<Session> => {
    const { connection } = target.environment;
    const other = connection.engine === 'sqlite' ? { ...connection, file: database } : { ...connection, database };
    return openSession(context, { ...target, environment: { ...target.environment, connection: other } }, readOnly);
  };

interface Preflighted {
  readonly sessions: readonly OpenSession[];
  readonly warnings: readonly string[];
  readonly problem: Problem | null;
}

async function preflight(restorer: Restorer, request: RestoreRequest): Promise<Preflighted> {
  try {
    return { ...(await restorer.preflight(request)), problem: null };
  } catch (thrown) {
    const error = thrown instanceof ServerFault ? asProblem(thrown, request.connection) : thrown;
    if (!(error instanceof ProblemError)) throw error;
    return { sessions: [], warnings: [], problem: error.problem };
  }
}

/**
 * The same gate as of any change. One that replaces nothing asks for no backup of what stays, and may be done at any
 * time and by one person.
 */
export function restoreGate(
  context: Context,
  { name, protection }: HoldingProtection,
  hazards: readonly Hazard[],
  placement: RestorePlacement,
): GateNeeds {
  const facts = gateFacts(context, { kind: 'byRole' });
  if (placement === 'swap') return gateNeeds(name, protection, [{ hazards }], facts);
  const anyTime = { ...protection, changeWindows: [], freeze: null, approvalHours: null };
  return { ...gateNeeds(name, anyTime, [{ hazards }], facts), backup: 'none' };
}
