/** Which database and source a request means, and how to open it. */
import { isBundlePath } from '../../shared/model/bundle.ts';
import type { Connection, Environment, SourceReference, Tier } from '../../shared/model/environment.ts';
import { ProblemError, raise } from '../../shared/problem.ts';
import { passwordFromFiles } from '../credentials/files/passwordFiles.ts';
import { holderName } from '../databases/common/holderName.ts';
import type { Driver, SessionOptions } from '../databases/driver.ts';
import { driverFor, driverForUrl } from '../databases/registry.ts';
import type { Session } from '../engine/ports.ts';
import type { UsedBundle } from './bundles/useBundle.ts';
import type { Context } from './context.ts';
import { available } from './keeping.ts';
import { asProblem } from './problems.ts';
import { rememberSecret } from './redact.ts';
import { inheritedProtection, settingsOf } from './settingsOf.ts';
import { type Watch, type Watching, watchSession } from './watchSession.ts';

/** An environment of the workspace by id or name, or a URL with nothing stored. */
export type TargetRequest =
  | {
      readonly kind: 'environment';
      readonly nameOrId: string;
      readonly overrides?: SourceOverrides;
      readonly password?: string;
    }
  | {
      readonly kind: 'adHoc';
      readonly url: string;
      readonly password?: string;
      readonly tier?: Tier;
      readonly overrides?: SourceOverrides;
    };

/** What a request says about the source instead of the environment. */
export interface SourceOverrides {
  readonly path?: string;
  readonly tool?: string;
  readonly historyTable?: string;
  readonly placeholders?: Readonly<Record<string, string>>;
}

/** An environment to work on; an ad hoc one has an empty id and is stored nowhere. */
export interface TargetDatabase {
  readonly environment: Environment;
  readonly driver: Driver;
  readonly password: string | null;
  /** Ad hoc and off loopback without a named tier: only a known environment's protection may hold. */
  readonly tierMissing: boolean;
  /** Why a file of passwords was not used, in words; told when the login fails. */
  readonly passwordNote: string | null;
  /** Present: the source is a bundle, which is opened and compared when it is read. */
  readonly openBundle?: () => Promise<UsedBundle>;
}

/** @throws {ProblemError} `environment.notFound`, `environment.invalidUrl`, `connect.secretMissing` */
export async function resolveTarget(context: Context, request: TargetRequest): Promise<TargetDatabase> {
  const target = await (request.kind === 'environment'
    ? resolveEnvironment(context, request)
    : resolveAdHoc(context, request));
  const path = target.environment.source?.path;
  if (path === undefined || !isBundlePath(path)) return target;
  // Signatures and archives: loaded for a bundle alone.
  const openBundle = async () => (await import('./bundles/useBundle.ts')).useBundle(context, path);
  return { ...target, openBundle };
}

async function resolveEnvironment(
  context: Context,
  request: TargetRequest & { kind: 'environment' },
): Promise<TargetDatabase> {
  const stored = findEnvironment(context, request.nameOrId);
  const driver = driverFor(stored.connection.engine);
  const connection = connectionOf(stored, driver);
  const environment = { ...stored, connection, source: overrideSource(stored.source, request.overrides) };
  const found =
    request.password === undefined
      ? await storedPassword(context, stored)
      : { password: request.password, passwordNote: null };
  return { environment, driver, tierMissing: false, ...found };
}

/** A tenant's schema is the only one that names without a schema are looked for in. */
function connectionOf({ connection, tenant, name }: Environment, { dialect, title }: Driver): Connection {
  if (tenant === undefined) return connection;
  if (connection.engine === 'sqlite' || (tenant.kind === 'schema' && connection.engine !== 'postgres'))
    return raise({
      code: 'fleet.tenants',
      message: `${name} cannot be reached: ${title} has no ${connection.engine === 'sqlite' ? 'databases' : 'schemas'} beside each other.`,
      hint: connection.engine === 'sqlite' ? 'Add an environment for each file.' : 'Name tenants of kind database.',
    });
  return tenant.kind === 'schema' ? { ...connection, searchPath: dialect.quoteIdentifier(tenant.name) } : connection;
}

export function findEnvironment(context: Context, nameOrId: string): Environment {
  return (
    context.workspace.environments.find(nameOrId) ??
    raise({
      code: 'environment.notFound',
      message: `There is no environment “${nameOrId}”.`,
      hint: 'List the environments with: lockkeeper env list',
    })
  );
}

type FoundPassword = Pick<TargetDatabase, 'password' | 'passwordNote'>;

/** What the servers' own clients would find for it. */
export async function passwordInFiles(connection: Connection): Promise<FoundPassword> {
  const { password, refused } = await passwordFromFiles(connection);
  return { password, passwordNote: refused };
}

async function storedPassword(context: Context, environment: Environment): Promise<FoundPassword> {
  const { credential } = environment;
  if (credential.kind === 'none') return passwordInFiles(environment.connection);
  const given = available(await context.credentials.session.get(environment.tenant?.of ?? environment.id));
  if (given !== null) return { password: given, passwordNote: null };
  const kept =
    credential.kind === 'keychain' ? available(await context.credentials.keychain.get(credential.account)) : null;
  const password =
    kept ??
    raise({
      code: 'connect.secretMissing',
      message: `The password of ${environment.name} is not known in this session.`,
      hint: 'Enter it in the environment’s page, or give it with --password-stdin or --password-env.',
    });
  return { password, passwordNote: null };
}

async function resolveAdHoc(context: Context, request: TargetRequest & { kind: 'adHoc' }): Promise<TargetDatabase> {
  const driver = driverForUrl(request.url);
  const { connection, password } = driver.parseUrl(request.url);
  const tier = request.tier ?? 'development';
  const environment: Environment = {
    id: '',
    name: connection.engine === 'sqlite' ? connection.file : `${connection.database}@${connection.host}`,
    tier,
    colour: 'grey',
    group: '',
    connection,
    credential: { kind: 'none' },
    protection: inheritedProtection(context, tier),
    source: overrideSource(null, { path: process.cwd(), ...request.overrides }),
  };
  const given = request.password ?? password;
  const found = given === null ? await passwordInFiles(connection) : { password: given, passwordNote: null };
  return {
    environment,
    driver,
    ...found,
    tierMissing: request.tier === undefined && !isHere(connection),
  };
}

/** Is the database on this computer? Beyond a tunnel `localhost` is another one. */
export const isHere = (connection: Connection): boolean =>
  connection.engine === 'sqlite' || (connection.ssh === undefined && isLoopback(connection.host));

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('/') || /^127(\.\d{1,3}){3}$/.test(host);

export function overrideSource(
  source: SourceReference | null,
  overrides: SourceOverrides | undefined,
): SourceReference | null {
  if (overrides === undefined) return source;
  const path = overrides.path ?? source?.path;
  if (path === undefined) return null;
  return { ...source, ...overrides, path, placeholders: { ...source?.placeholders, ...overrides.placeholders } };
}

/** Milliseconds that connecting may take. */
const connectTimeoutMs = 10_000;

export const sessionOptions = (
  context: Context,
  { environment, password }: TargetDatabase,
  readOnly: boolean,
): SessionOptions => ({
  password,
  applicationName: applicationName(context),
  // Of a read-only environment every session is, whatever it is for; copies of our own making are of none.
  readOnly: readOnly || (environment.id !== '' && environment.protection.readOnly),
  connectTimeoutMs,
  lockTimeoutMs: settingsOf(context, environment).lockTimeoutMs,
});

const applicationName = ({ host }: Context): string =>
  holderName({ person: host.user, host: host.hostName, process: String(host.process) });

/** Opens a session; `readOnly` for everything that only asks. @throws {ProblemError} of a connecting code */
export async function openSession(context: Context, target: TargetDatabase, readOnly: boolean): Promise<Session> {
  rememberSecret(target.password);
  try {
    const options = sessionOptions(context, target, readOnly);
    return await inItsSchema(await target.driver.connect(target.environment.connection, options), target);
  } catch (thrown) {
    throw withNote(asProblem(thrown, target.environment.connection), target.passwordNote);
  }
}

/** @throws {ProblemError} `connect.noDatabase` where there is no such schema */
async function inItsSchema(session: Session, { environment: { name, tenant } }: TargetDatabase): Promise<Session> {
  if (tenant?.kind !== 'schema' || session.identity.schema === tenant.name) return session;
  await session.close();
  return raise({
    code: 'connect.noDatabase',
    message: `There is no schema “${tenant.name}” for ${name}, or this login may not use it.`,
    hint: 'Look at the query that names the tenants, and at the rights on the schema.',
  });
}

function withNote(thrown: unknown, note: string | null): unknown {
  if (note === null || !(thrown instanceof ProblemError) || thrown.problem.code !== 'connect.authentication')
    return thrown;
  return new ProblemError({ ...thrown.problem, hint: note }, { cause: thrown });
}

/**
 * Looks after a session (`watchSession.ts`). `second`: by a second connection, too, which must not be while databases
 * change their names.
 */
export function watch(
  context: Context,
  target: TargetDatabase,
  session: Session,
  emit: Watching['emit'],
  second = true,
): Watch {
  const { driver, environment } = target;
  const open = (connectTimeoutMs: number) =>
    driver.connect(environment.connection, { ...sessionOptions(context, target, true), connectTimeoutMs });
  return watchSession(
    {
      clock: context.clock,
      activity: driver.activity,
      open: second ? open : null,
      remote: environment.connection.engine !== 'sqlite',
      emit,
    },
    session,
  );
}

/** Opens a session that only asks, uses it and closes it. */
export async function withSession<T>(
  context: Context,
  target: TargetDatabase,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(context, target, true);
  const watching = watch(context, target, session, () => undefined);
  try {
    return await use(watching.session);
  } catch (thrown) {
    throw asProblem(thrown, target.environment.connection);
  } finally {
    await watching[Symbol.asyncDispose]();
    await session.close();
  }
}
