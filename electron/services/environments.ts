/** Adding, changing and forgetting environments. Their databases are never touched; passwords go to the keychain or stay in this session. */
import path from 'node:path';
import { ulid } from 'ulid';
import type { EnvironmentInput, EnvironmentPatch } from '../../shared/contract/inputs.ts';
import type { EnvironmentSummary } from '../../shared/contract/views.ts';
import type { Connection, CredentialReference, Environment, SourceReference } from '../../shared/model/environment.ts';
import { raise } from '../../shared/problem.ts';
import { driverFor } from '../databases/registry.ts';
import type { Context } from './context.ts';
import { stamped } from './freeze.ts';
import { available } from './keeping.ts';
import { forget, lastKnown } from './lastKnown.ts';
import { requireUnlocked } from './lockedSettings.ts';
import { recordAudit } from './recordAudit.ts';
import { rememberSecret } from './redact.ts';
import { requireAdministrator } from './roles.ts';
import { removeSchedulesOf } from './schedule/schedules.ts';
import { requireSameAddress } from './secretAddress.ts';
import { inheritedProtection } from './settingsOf.ts';
import { findEnvironment } from './target.ts';

type Secret = EnvironmentInput['secret'];

export function listEnvironments(context: Context): EnvironmentSummary[] {
  return context.workspace.environments.list().map((environment) => summarise(context, environment));
}

/** @throws {ProblemError} `environment.notFound` */
export const getEnvironment = (context: Context, nameOrId: string): EnvironmentSummary =>
  summarise(context, findEnvironment(context, nameOrId));

function summarise(context: Context, environment: Environment): EnvironmentSummary {
  const active = context.runs.active().find((run) => run.environmentId === environment.id);
  return {
    environment,
    url: driverFor(environment.connection.engine).formatUrl(environment.connection),
    lastKnown: lastKnown(context, environment.id),
    lastRun: context.workspace.runs.list({ environmentId: environment.id, limit: 1 })[0] ?? null,
    lastBackup: context.workspace.backups.list({ environment: environment.name })[0] ?? null,
    activeRun: active?.id ?? null,
  };
}

/** @throws {ProblemError} `environment.duplicate`, `keychain.unavailable` */
export async function addEnvironment(context: Context, input: EnvironmentInput): Promise<Environment> {
  requireAdministrator(context, input);
  const id = ulid();
  const { secret, secretOf, protection, connection, source, ...fields } = input;
  const credential =
    secret === null && secretOf !== undefined
      ? await copySecret(context, id, secretOf, connection)
      : await storeSecret(context, id, secret);
  const environment: Environment = {
    ...fields,
    id,
    connection: absoluteConnection(connection),
    source: absoluteSource(source),
    credential,
    protection: stamped(context, protection ?? inheritedProtection(context, input.tier), undefined),
  };
  context.workspace.environments.add(environment);
  announce(context, 'environment added', environment);
  return environment;
}

/** @throws {ProblemError} `environment.notFound`, `environment.duplicate`, `keychain.unavailable` */
export async function editEnvironment(context: Context, patch: EnvironmentPatch): Promise<Environment> {
  const before = findStored(context, patch.id);
  requireAdministrator(context, before);
  const { id, secret, ...fields } = patch;
  if (secret === undefined && patch.connection !== undefined) requireSameAddress(before, patch.connection);
  const credential = secret === undefined ? before.credential : await storeSecret(context, id, secret);
  const tier = patch.tier ?? before.tier;
  // Another tier, or `null`, brings what it says along; what was chosen by hand for the one before goes.
  const inherits = patch.protection === null || (patch.protection === undefined && tier !== before.tier);
  const { protection: _chosen, ...settings } = before.settings ?? {};
  const environment: Environment = {
    ...before,
    ...fields,
    connection: absoluteConnection(patch.connection ?? before.connection),
    source: absoluteSource(patch.source === undefined ? before.source : patch.source),
    credential,
    protection: inherits
      ? inheritedProtection(context, tier)
      : stamped(context, patch.protection ?? before.protection, before.protection),
    ...(inherits ? { settings } : {}),
  };
  if (patch.protection !== undefined)
    requireUnlocked(
      context,
      tier,
      { protection: inheritedProtection(context, tier) },
      { protection: environment.protection },
    );
  context.workspace.environments.update(environment);
  announce(context, 'environment changed', environment);
  return environment;
}

/** @throws {ProblemError} `environment.notFound` */
export async function removeEnvironment(context: Context, nameOrId: string): Promise<void> {
  const environment = findStored(context, nameOrId);
  requireAdministrator(context, environment);
  if (environment.credential.kind === 'keychain')
    available(await context.credentials.keychain.delete(environment.credential.account));
  await context.credentials.session.delete(environment.id);
  context.workspace.environments.remove(environment.id);
  removeSchedulesOf(context, environment.id);
  forget(context, environment.id);
  announce(context, 'environment removed', environment);
}

function findStored(context: Context, nameOrId: string): Environment {
  const environment = findEnvironment(context, nameOrId);
  return environment.tenant === undefined
    ? environment
    : raise({
        code: 'usage.invalid',
        message: `${environment.name} is a tenant, and has nothing of its own that could be changed.`,
        hint: 'Change the environment that it belongs to.',
      });
}

/** Keeps a password until this process ends. @throws {ProblemError} `environment.notFound` */
export async function unlockEnvironment(context: Context, id: string, password: string): Promise<void> {
  rememberSecret(password);
  const environment = findEnvironment(context, id);
  await context.credentials.session.set(environment.tenant?.of ?? environment.id, password);
}

/** @throws {ProblemError} `connect.secretMissing` for another address */
async function copySecret(
  context: Context,
  id: string,
  secretOf: string,
  connection: Connection,
): Promise<CredentialReference> {
  const original = findEnvironment(context, secretOf);
  requireAdministrator(context, original);
  requireSameAddress(original, connection);
  const { keychain, session } = context.credentials;
  if (original.credential.kind === 'none') return { kind: 'none' };
  const given = available(await session.get(original.id));
  const kept =
    original.credential.kind === 'keychain' ? available(await keychain.get(original.credential.account)) : null;
  const password = kept ?? given;
  if (password === null) return { kind: 'ask' };
  return storeSecret(context, id, { password, keep: original.credential.kind });
}

export async function storeSecret(context: Context, id: string, secret: Secret): Promise<CredentialReference> {
  if (secret === null) return { kind: 'none' };
  rememberSecret(secret.password);
  if (secret.keep === 'ask') {
    // Nothing entered yet: it is asked for when it is needed.
    if (secret.password !== '') await context.credentials.session.set(id, secret.password);
    return { kind: 'ask' };
  }
  available(await context.credentials.keychain.set(id, secret.password));
  return { kind: 'keychain', account: id };
}

const absoluteConnection = (connection: Connection): Connection =>
  connection.engine === 'sqlite' ? { ...connection, file: path.resolve(connection.file) } : connection;

function absoluteSource(source: SourceReference | null): SourceReference | null {
  if (source === null) return null;
  if (source.path.trim() === '')
    return raise({
      code: 'source.unreadable',
      message: 'The migration folder is empty.',
      hint: 'Choose a folder, or leave the environment without one.',
    });
  return { ...source, path: path.resolve(source.path) };
}

export function announce(context: Context, action: string, environment: Environment): void {
  recordAudit(context, {
    action,
    environment: environment.name,
    run: null,
    detail: { tier: environment.tier, protection: environment.protection },
  });
  context.changes.publish({ kind: 'environments', environmentId: environment.id });
}
