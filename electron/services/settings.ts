/** Settings of the interface, and what workspace, tiers and environments say; every change is written down. */
import path from 'node:path';
import type { SettingsInput } from '../../shared/contract/inputs.ts';
import type { SettingsScope } from '../../shared/contract/settings.ts';
import type { Settings } from '../../shared/contract/views.ts';
import { type Appearance, usualAppearance } from '../../shared/model/appearance.ts';
import type { SettingsLayer } from '../../shared/model/settings.ts';
import { raise } from '../../shared/problem.ts';
import { locatePrograms } from '../backups/programs.ts';
import { driverForUrl } from '../databases/registry.ts';
import { viewArchiveKey } from './archiveKeys.ts';
import type { Context } from './context.ts';
import { stamped } from './freeze.ts';
import { requireSoundHooks } from './hooks/hooks.ts';
import { requireUnlocked } from './lockedSettings.ts';
import { recordAudit } from './recordAudit.ts';
import { requireAdministrator, requireRole } from './roles.ts';
import { settingsOf } from './settingsOf.ts';
import { findEnvironment } from './target.ts';

const interfaceKey = 'interface';
const programFoldersKey = 'programFolders';
const updateAddressKey = 'updateAddress';

export async function readSettings(context: Context): Promise<Settings> {
  const { settings } = context.workspace;
  return {
    ...usualAppearance,
    ...settings.get<Appearance>(interfaceKey),
    layers: settings.layers(),
    programFolders: programFolders(context),
    updateAddress: settings.get<string>(updateAddressKey),
    archiveKey: await viewArchiveKey(context),
    untrustedPolicy: context.workspace.untrustedPolicy,
  };
}

/** @throws {ProblemError} `gate.role`, `environment.notFound`, `usage.invalid` */
export async function saveSettings(
  context: Context,
  { layer, programFolders: folders, updateAddress, ...changed }: SettingsInput,
): Promise<Settings> {
  if (layer !== undefined) saveLayer(context, layer.scope, layer.values);
  if (folders !== undefined) saveProgramFolders(context, folders);
  if (updateAddress !== undefined) saveUpdateAddress(context, updateAddress);
  if (Object.keys(changed).length > 0) {
    const { settings } = context.workspace;
    settings.set(interfaceKey, { ...usualAppearance, ...settings.get<object>(interfaceKey), ...changed });
  }
  context.changes.publish({ kind: 'settings', environmentId: null });
  return readSettings(context);
}

/** Folders of this computer where dump programs are looked for, besides the usual ones. */
export const programFolders = ({ workspace }: Pick<Context, 'workspace'>): readonly string[] =>
  workspace.settings.get<readonly string[]>(programFoldersKey) ?? [];

/** What lies there is run with passwords in its environment: only absolute paths, and it is written down. */
function saveProgramFolders(context: Context, folders: readonly string[]): void {
  requireRole(context, true);
  const relative = folders.find((folder) => !path.isAbsolute(folder));
  if (relative !== undefined) {
    raise({
      code: 'usage.invalid',
      message: `“${relative}” is no absolute path.`,
      hint: 'Name the folder of the dump programs from the root on.',
    });
  }
  const before = programFolders(context);
  context.workspace.settings.set(programFoldersKey, folders);
  locatePrograms(folders);
  audit(context, null, { programFolders: { before, after: folders } });
}

/** What comes from there replaces the program: for administrators, and written down. */
function saveUpdateAddress(context: Context, address: string | null): void {
  requireRole(context, true);
  const url = address === null ? null : new URL(address);
  if (url !== null && (url.username !== '' || url.password !== ''))
    raise({
      code: 'usage.invalid',
      message: 'The address of updates must not hold a name or password.',
      hint: 'Settings are kept in plain text: name an address that needs none.',
    });
  const { settings } = context.workspace;
  const before = settings.get<string>(updateAddressKey);
  if (address === null) settings.remove(updateAddressKey);
  else settings.set(updateAddressKey, address);
  audit(context, null, { updateAddress: { before, after: address } });
}

function saveLayer(context: Context, scope: SettingsScope, sent: SettingsLayer): void {
  requireNoPassword(sent.backup?.provingServer?.url);
  requireSoundHooks(sent.hooks ?? []);
  const { environments, settings } = context.workspace;
  if (scope.kind === 'environment') {
    const environment = findEnvironment(context, scope.id);
    requireAdministrator(context, environment);
    const values = withFreeze(context, sent, environment.settings);
    requireUnlocked(context, environment.tier, environment.settings ?? {}, values);
    const { protection } = settingsOf(context, { tier: environment.tier, settings: values });
    environments.update({ ...environment, settings: values, protection });
    context.changes.publish({ kind: 'environments', environmentId: environment.id });
    writeDown(context, environment.name, scope, environment.settings ?? {}, values);
    return;
  }
  requireRole(context, true);
  const layers = settings.layers();
  const was = scope.kind === 'workspace' ? layers.workspace : layers.tiers[scope.tier];
  const values = withFreeze(context, sent, was);
  requireUnlocked(context, scope.kind === 'tier' ? scope.tier : null, was ?? {}, values);
  if (scope.kind === 'workspace') settings.setWorkspaceLayer(values);
  else settings.setTierLayer(scope.tier, values);
  context.changes.publish({ kind: 'environments', environmentId: null });
  writeDown(context, null, scope, was ?? {}, values);
}

const withFreeze = (context: Context, layer: SettingsLayer, before: SettingsLayer = {}): SettingsLayer =>
  layer.protection === undefined
    ? layer
    : { ...layer, protection: stamped(context, layer.protection, before.protection) };

/** Settings are kept in plain text. */
function requireNoPassword(url: string | undefined): void {
  if (url === undefined || driverForUrl(url).parseUrl(url).password === null) return;
  raise({
    code: 'usage.invalid',
    message: 'The proving server’s URL must not hold its password.',
    hint: 'Keep the password in the keychain, .pgpass or my.cnf.',
  });
}

function writeDown(
  context: Context,
  environment: string | null,
  scope: SettingsScope,
  before: SettingsLayer,
  after: SettingsLayer,
): void {
  audit(context, environment, { scope, before, after });
}

function audit(context: Context, environment: string | null, detail: Readonly<Record<string, unknown>>): void {
  recordAudit(context, {
    action: 'settings changed',
    environment,
    run: null,
    detail,
  });
}
