/** Hooks of the workspace or of an environment: they run programs and reach servers, so administrators only. */
import path from 'node:path';
import type { SettingsScope } from '../../../shared/contract/settings.ts';
import type { Hook, HookTest } from '../../../shared/model/hook.ts';
import type { SettingsLayer } from '../../../shared/model/settings.ts';
import { raise } from '../../../shared/problem.ts';
import type { Context } from '../context.ts';
import { available } from '../keeping.ts';
import { recordAudit } from '../recordAudit.ts';
import { rememberSecret } from '../redact.ts';
import { requireLeast } from '../roles.ts';
import { settingsOf } from '../settingsOf.ts';
import { findEnvironment } from '../target.ts';
import { sampleSummary } from './hookSummary.ts';
import { performHook } from './runHooks.ts';
import { secretAccount } from './webhook.ts';

/** Name or id of an environment; null: the workspace's own. */
type Where = string | null;

/** Those that hold there. @throws {ProblemError} `environment.notFound` */
export const listHooks = (context: Context, where: Where): readonly Hook[] =>
  where === null
    ? (context.workspace.settings.layers().workspace.hooks ?? [])
    : settingsOf(context, findEnvironment(context, where)).hooks;

/** With what a layer says, one hook more or instead of that of its name. */
export function withHook(context: Context, where: Where, hook: Hook): { scope: SettingsScope; values: SettingsLayer } {
  const { scope, values } = layerOf(context, where);
  return { scope, values: { ...values, hooks: [...listed(values).filter(({ name }) => name !== hook.name), hook] } };
}

/** @throws {ProblemError} `hook.notFound` */
export function withoutHook(
  context: Context,
  where: Where,
  name: string,
): { scope: SettingsScope; values: SettingsLayer } {
  const { scope, values } = layerOf(context, where);
  if (!listed(values).some((hook) => hook.name === name)) notFound(name);
  return { scope, values: { ...values, hooks: listed(values).filter((hook) => hook.name !== name) } };
}

const listed = ({ hooks = [] }: SettingsLayer): readonly Hook[] => hooks;

function layerOf(context: Context, where: Where): { scope: SettingsScope; values: SettingsLayer } {
  if (where === null) return { scope: { kind: 'workspace' }, values: context.workspace.settings.layers().workspace };
  const environment = findEnvironment(context, where);
  return { scope: { kind: 'environment', id: environment.id }, values: environment.settings ?? {} };
}

/** Runs or tells it with a sample, marked as such. @throws {ProblemError} `gate.role`, `hook.notFound`, `hook.failed` */
export async function testHook(context: Context, where: Where, name: string, signal: AbortSignal): Promise<HookTest> {
  requireLeast(context, 'administrator', 'Trying a hook');
  const hook = listHooks(context, where).find((one) => one.name === name) ?? notFound(name);
  const began = context.clock.elapsed();
  recordAudit(context, { action: 'hook tried', environment: where, run: null, detail: { hook: name } });
  const output = await performHook(context, hook, sampleSummary(context, hook, where ?? ''), signal);
  return { durationMs: Math.round(context.clock.elapsed() - began), output };
}

/** Kept in the keychain and nowhere else. @throws {ProblemError} `gate.role`, `keychain.unavailable` */
export async function setHookSecret(context: Context, name: string, secret: string): Promise<void> {
  requireLeast(context, 'administrator', 'Setting the secret of a hook');
  rememberSecret(secret);
  available(await context.credentials.keychain.set(secretAccount(name), secret));
  recordAudit(context, { action: 'hook secret set', environment: null, run: null, detail: { hook: name } });
}

/** @throws {ProblemError} `hook.invalid` */
export function requireSoundHooks(hooks: readonly Hook[]): void {
  const names = new Set<string>();
  for (const hook of hooks) {
    if (names.has(hook.name)) invalid(hook, 'there is another hook of its name');
    names.add(hook.name);
    if (hook.kind === 'command') requireProgram(hook);
    else requireAddress(hook);
  }
}

function requireProgram(hook: Extract<Hook, { kind: 'command' }>): void {
  const [program = ''] = hook.command;
  if (!path.isAbsolute(program)) invalid(hook, `“${program}” is no absolute path of a program`);
  if (hook.command.some((word) => word.includes('\0'))) invalid(hook, 'a word of its command cannot be given');
  const { folder } = hook;
  if (folder !== undefined && (!path.isAbsolute(folder) || folder.includes('\0')))
    invalid(hook, `“${folder}” is no absolute path of a folder`);
}

function requireAddress(hook: Extract<Hook, { kind: 'webhook' }>): void {
  const url = URL.parse(hook.url);
  if (url === null) {
    invalid(hook, 'its address is none');
    return;
  }
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere))
    invalid(hook, 'its address must begin with https: (http: only on this computer)');
  if (url.username !== '' || url.password !== '') invalid(hook, 'its address must not hold a name or password');
}

const invalid = ({ name }: Hook, why: string): never =>
  raise({
    code: 'hook.invalid',
    message: `The hook “${name}” cannot be kept: ${why}.`,
    hint: 'Commands begin with the full path of a program, and run in a folder that is named by its full path; web addresses with https, and their secret belongs into the keychain.',
  });

const notFound = (name: string): never =>
  raise({
    code: 'hook.notFound',
    message: `There is no hook “${name}” there.`,
    hint: 'List them with: lockkeeper hook list',
  });
