/** Environments from an export, or from the files of PostgreSQL's and MySQL's own clients. Adds only; overwrites nothing. */
import { readFile } from 'node:fs/promises';
import { ulid } from 'ulid';
import type { Environment, EnvironmentColour, Tier } from '../../shared/model/environment.ts';
import { noLayers } from '../../shared/model/settings.ts';
import type {
  ImportCandidate,
  ImportedLayer,
  ImportPreview,
  ImportReport,
  TransferredEnvironment,
} from '../../shared/model/transfer.ts';
import { raise } from '../../shared/problem.ts';
import { myCnfFile } from '../credentials/files/myCnf.ts';
import { pgpassFile } from '../credentials/files/pgpass.ts';
import { pgServiceFile } from '../credentials/files/pgService.ts';
import { readPrivateFile } from '../credentials/files/readPrivateFile.ts';
import {
  connectionsOfMyCnf,
  connectionsOfPgpass,
  connectionsOfPgService,
  type FoundConnection,
} from './clientFiles.ts';
import type { Context } from './context.ts';
import { announce } from './environments.ts';
import { readTransfer } from './exportEnvironments.ts';
import { requireAdministrator } from './roles.ts';
import { saveSettings } from './settings.ts';
import { inheritedProtection } from './settingsOf.ts';
import { isHere } from './target.ts';
import { addedLayers, layerOf, merged } from './transferredSettings.ts';

export interface ImportRequest {
  readonly pgpass: boolean;
  readonly pgService: boolean;
  readonly myCnf: boolean;
  /** An export of ours; null for none. */
  readonly file: string | null;
  /** Of what other programs' files name; null: development on this computer, else production. */
  readonly tier: Tier | null;
  /** The settings of an export are added, too, where nothing is set here. */
  readonly settings?: boolean;
  /** False: nothing else is added. */
  readonly environments?: boolean;
}

/** Reads without adding. @throws {ProblemError} `usage.invalid` for a file that cannot be used */
export async function previewImport(context: Context, request: ImportRequest): Promise<ImportPreview> {
  const found: FoundConnection[] = [];
  if (request.pgpass) found.push(...connectionsOfPgpass(await textOf(pgpassFile(), true), pgpassFile()));
  if (request.pgService) found.push(...connectionsOfPgService(await textOf(pgServiceFile(), false), pgServiceFile()));
  if (request.myCnf) found.push(...connectionsOfMyCnf(await textOf(myCnfFile(), true), myCnfFile()));
  const transferred = request.file === null ? null : readTransfer(await textOf(request.file, false), request.file);
  const given = [
    ...(transferred?.environments ?? []).map((environment) => ({ environment, from: request.file ?? '' })),
    ...found.flatMap((one) =>
      one.kind === 'connection' ? [{ environment: environmentFrom(context, one, request.tier), from: one.from }] : [],
    ),
  ];
  const candidates: ImportCandidate[] = [];
  for (const one of given) candidates.push({ ...one, existing: existingFor(one.environment, context, candidates) });
  const settings = addedLayers(transferred?.settings ?? noLayers, context.workspace.settings.layers());
  return { candidates, settings, passedOver: found.flatMap((one) => (one.kind === 'passedOver' ? [one.told] : [])) };
}

/** Adds those of a preview that are not there yet. */
export async function importEnvironments(context: Context, request: ImportRequest): Promise<ImportReport> {
  const preview = await previewImport(context, request);
  // First: what an environment has beyond them becomes its own.
  const settingsAdded = request.settings === true && preview.settings.length > 0;
  if (settingsAdded) for (const layer of preview.settings) await addLayer(context, layer);
  const added: string[] = [];
  for (const { environment: transferred, existing } of request.environments === false ? [] : preview.candidates) {
    if (existing !== null) continue;
    const { credential, ...fields } = transferred;
    const environment: Environment = { ...fields, id: ulid(), credential: { kind: credential } };
    requireAdministrator(context, environment);
    context.workspace.environments.add(environment);
    announce(context, 'environment imported', environment);
    added.push(environment.name);
  }
  return { ...preview, added, settingsAdded };
}

async function addLayer(context: Context, { scope, values }: ImportedLayer): Promise<void> {
  const here = layerOf(context.workspace.settings.layers(), scope);
  await saveSettings(context, {
    layer: {
      scope: scope === 'workspace' ? { kind: 'workspace' } : { kind: 'tier', tier: scope },
      values: merged(values, here),
    },
  });
}

async function textOf(file: string, holdsPasswords: boolean): Promise<string> {
  if (holdsPasswords) {
    const read = await readPrivateFile(file);
    if (read.kind === 'read') return read.text;
    return unusable(read.kind === 'missing' ? `There is no file ${file}.` : read.message);
  }
  return readFile(file, 'utf8').catch((thrown: unknown) =>
    unusable(`${file} cannot be read: ${thrown instanceof Error ? thrown.message : ''}`),
  );
}

const unusable = (message: string): never =>
  raise({ code: 'usage.invalid', message, hint: 'Check the path and its rights, or leave this source out.' });

function environmentFrom(
  context: Context,
  found: FoundConnection & { kind: 'connection' },
  asked: Tier | null,
): TransferredEnvironment {
  const { connection, name } = found;
  const tier = asked ?? (isHere(connection) ? 'development' : 'production');
  return {
    name,
    tier,
    colour: tierColours[tier],
    group: '',
    connection,
    protection: inheritedProtection(context, tier),
    source: null,
    // The password stays where it is: it is read from there each time.
    credential: 'none',
  };
}

export const tierColours: Readonly<Record<Tier, EnvironmentColour>> = {
  development: 'grey',
  test: 'blue',
  staging: 'orange',
  production: 'red',
};

/** The name of what is there already; of the candidates before it, too. */
function existingFor(
  { name, connection }: TransferredEnvironment,
  context: Context,
  before: readonly ImportCandidate[],
): string | null {
  const named = context.workspace.environments.find(name);
  if (named !== null) return named.name;
  const same = [...context.workspace.environments.list(), ...before.map((one) => one.environment)].find(
    (one) => one.name.toLowerCase() === name.toLowerCase() || isSame(one.connection, connection),
  );
  return same?.name ?? null;
}

function isSame(one: Environment['connection'], other: Environment['connection']): boolean {
  if (one.engine === 'sqlite' || other.engine === 'sqlite')
    return one.engine === 'sqlite' && other.engine === 'sqlite' && one.file === other.file;
  return (['engine', 'host', 'port', 'database', 'user', 'searchPath'] as const).every(
    (key) => one[key] === other[key],
  );
}
