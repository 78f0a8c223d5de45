/** Environments from an export, or from the files of PostgreSQL's and MySQL's own clients. Adds only; overwrites nothing. */
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
import type { Context } from './context.ts';
import { announce, storeSecret } from './environments.ts';
import { readTransfer, type Transfer } from './exportEnvironments.ts';
import { connectionsOfFile } from './imported/connectionFile.ts';
import type { Found } from './imported/found.ts';
import { type ImportFile, readImportFile } from './imported/readImportFile.ts';
import { requireAdministrator } from './roles.ts';
import { saveSettings } from './settings.ts';
import { inheritedProtection } from './settingsOf.ts';
import { isHere } from './target.ts';
import { addedLayers, layerOf, merged } from './transferredSettings.ts';

export interface ImportRequest {
  readonly pgpass: boolean;
  readonly pgService: boolean;
  readonly myCnf: boolean;
  /** An export of ours, or a file of another program; null for none. */
  readonly file: string | null;
  readonly files?: readonly string[];
  readonly texts?: readonly { readonly name: string; readonly text: string }[];
  /** Of what other programs' files name; null: as they say, else development on this computer and production elsewhere. */
  readonly tier: Tier | null;
  /** The settings of an export are added, too, where nothing is set here. */
  readonly settings?: boolean;
  /** False: of an export only the settings. */
  readonly environments?: boolean;
  /** Names of the candidates that are wanted; absent: all. */
  readonly only?: readonly string[];
  /** Passwords of the files go into the keychain. */
  readonly keepPasswords?: boolean;
}

/** Reads without adding. @throws {ProblemError} `usage.invalid` for a file that cannot be used */
export async function previewImport(context: Context, request: ImportRequest): Promise<ImportPreview> {
  return (await gather(context, request)).preview;
}

interface Gathered {
  readonly preview: ImportPreview;
  /** By the candidate's name; never part of an answer. */
  readonly passwords: ReadonlyMap<string, string>;
}

async function gather(context: Context, request: ImportRequest): Promise<Gathered> {
  const candidates: ImportCandidate[] = [];
  const passwords = new Map<string, string>();
  const passedOver: ImportPreview['passedOver'][number][] = [];
  const transfers: Transfer[] = [];
  for (const file of await filesOf(request)) {
    const from = file.name;
    if (file.text.includes('lockkeeperEnvironments')) {
      const transfer = readTransfer(file.text, from);
      transfers.push(transfer);
      for (const environment of transfer.environments)
        candidates.push(
          candidate(context, candidates, { environment, from, password: passwordWord(environment), notes: [] }),
        );
      continue;
    }
    for (const one of (await connectionsOfFile(file)) ?? unusable(from)) {
      if (one.kind === 'passedOver') {
        passedOver.push({ from, what: one.what, why: one.why });
        continue;
      }
      const environment = environmentFrom(context, one, request.tier, candidates);
      const password = one.password === null ? passwordWord(environment) : 'found';
      candidates.push(candidate(context, candidates, { environment, from, password, notes: one.notes }));
      if (one.password !== null) passwords.set(environment.name, one.password);
    }
  }
  const layers = transfers[0]?.settings ?? noLayers;
  const settings = addedLayers(layers, context.workspace.settings.layers());
  return { preview: { candidates, settings, passedOver }, passwords };
}

const passwordWord = ({ credential }: TransferredEnvironment) => (credential === 'none' ? 'none' : 'asked');

const candidate = (
  context: Context,
  before: readonly ImportCandidate[],
  one: Omit<ImportCandidate, 'existing'>,
): ImportCandidate => ({ ...one, existing: existingFor(one.environment, context, before) });

async function filesOf({
  pgpass,
  pgService,
  myCnf,
  file,
  files = [],
  texts = [],
}: ImportRequest): Promise<ImportFile[]> {
  const paths = [
    ...(pgpass ? [pgpassFile()] : []),
    ...(pgService ? [pgServiceFile()] : []),
    ...(myCnf ? [myCnfFile()] : []),
    ...(file === null ? [] : [file]),
    ...files,
  ];
  const beside = texts.find(({ name }) => name === '.env')?.text ?? null;
  return [
    ...(await Promise.all(paths.map(readImportFile))),
    ...texts.map(({ name, text }) => ({ name, text, beside, own: false })),
  ];
}

const unusable = (file: string): never =>
  raise({
    code: 'usage.invalid',
    message: `${file} is of no program whose connections can be imported.`,
    hint: 'Choose a .pgpass, pg_service.conf, my.cnf, .env, Compose file, DBeaver’s data-sources.json, pgAdmin’s export, or an export of ours.',
    path: file,
  });

/** Adds those of a preview that are not there yet. */
export async function importEnvironments(context: Context, request: ImportRequest): Promise<ImportReport> {
  const { preview, passwords } = await gather(context, request);
  // First: what an environment has beyond them becomes its own.
  const settingsAdded = request.settings === true && preview.settings.length > 0;
  if (settingsAdded) for (const layer of preview.settings) await addLayer(context, layer);
  const added: string[] = [];
  for (const { environment: transferred, existing } of request.environments === false ? [] : preview.candidates) {
    const { credential: needed, ...fields } = transferred;
    if (existing !== null || request.only?.includes(fields.name) === false) continue;
    requireAdministrator(context, fields);
    const id = ulid();
    const password = request.keepPasswords === true ? passwords.get(fields.name) : undefined;
    const credential =
      password === undefined
        ? ({ kind: needed } as const)
        : await storeSecret(context, id, { password, keep: 'keychain' });
    const environment: Environment = { ...fields, id, credential };
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

function environmentFrom(
  context: Context,
  { connection, name, group, tier: said, needsPassword }: Found,
  asked: Tier | null,
  before: readonly ImportCandidate[],
): TransferredEnvironment {
  const tier = asked ?? said ?? (isHere(connection) ? 'development' : 'production');
  return {
    name: freeName(name, connection, before),
    tier,
    colour: tierColours[tier],
    group,
    connection,
    protection: inheritedProtection(context, tier),
    source: null,
    // `none`: the password stays where it is, and is read from there each time.
    credential: needsPassword ? 'ask' : 'none',
  };
}

/** Several databases of one name in one file get numbers; the same database keeps it, and is told as being there. */
function freeName(name: string, connection: Environment['connection'], before: readonly ImportCandidate[]): string {
  const taken = (one: string) =>
    before.some(
      ({ environment }) =>
        environment.name.toLowerCase() === one.toLowerCase() && !isSame(environment.connection, connection),
    );
  for (let number = 1; ; number++) {
    const one = number === 1 ? name : `${name} (${number})`;
    if (!taken(one)) return one;
  }
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
  const equal = (['engine', 'host', 'port', 'database', 'user', 'searchPath'] as const).every(
    (key) => one[key] === other[key],
  );
  return equal && one.ssh?.host === other.ssh?.host && one.ssh?.port === other.ssh?.port;
}
