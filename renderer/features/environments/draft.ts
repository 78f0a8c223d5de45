/** The connection form's fields, and what they become. */
import type { EnvironmentInput, EnvironmentPatch } from '../../../shared/contract/inputs.ts';
import type {
  Connection,
  CredentialReference,
  EngineId,
  Environment,
  EnvironmentColour,
  Protection,
  SshTunnel,
  Tier,
  TlsMode,
} from '../../../shared/model/environment.ts';
import { type SettingsLayers, settingsFor } from '../../../shared/model/settings.ts';

export interface Draft {
  readonly name: string;
  readonly tier: Tier;
  readonly colour: EnvironmentColour;
  readonly group: string;
  readonly engine: EngineId;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly tls: TlsMode;
  readonly tlsAuthorityFile: string;
  readonly tlsCertificateFile: string;
  readonly tlsKeyFile: string;
  /** Through an SSH server; its fields count only then. */
  readonly tunnelled: boolean;
  readonly sshHost: string;
  /** 0: as ssh has it. */
  readonly sshPort: number;
  readonly sshUser: string;
  readonly sshKeyFile: string;
  readonly sshKnownHostsFile: string;
  readonly searchPath: string;
  readonly file: string;
  readonly credential: CredentialReference['kind'];
  readonly password: string;
  readonly sourcePath: string;
  readonly tool: string;
  readonly historyTable: string;
  readonly placeholders: Readonly<Record<string, string>>;
  /** Null: as it is, or as the tier has it. */
  readonly protection: Protection | null;
}

export const portByEngine: Readonly<Record<EngineId, number>> = { postgres: 5432, mysql: 3306, sqlite: 0 };

export const colourByTier: Readonly<Record<Tier, EnvironmentColour>> = {
  development: 'green',
  test: 'blue',
  staging: 'orange',
  production: 'red',
};

export const emptyDraft: Draft = {
  name: '',
  tier: 'development',
  colour: colourByTier.development,
  group: '',
  engine: 'postgres',
  host: 'localhost',
  port: portByEngine.postgres,
  database: '',
  user: '',
  tls: 'prefer',
  tlsAuthorityFile: '',
  tlsCertificateFile: '',
  tlsKeyFile: '',
  tunnelled: false,
  sshHost: '',
  sshPort: 0,
  sshUser: '',
  sshKeyFile: '',
  sshKnownHostsFile: '',
  searchPath: '',
  file: '',
  credential: 'keychain',
  password: '',
  sourcePath: '',
  tool: '',
  historyTable: '',
  placeholders: {},
  protection: null,
};

export const draftOf = (environment: Environment): Draft => ({
  ...withConnection(emptyDraft, environment.connection),
  name: environment.name,
  tier: environment.tier,
  colour: environment.colour,
  group: environment.group,
  credential: environment.credential.kind,
  sourcePath: environment.source?.path ?? '',
  tool: environment.source?.tool ?? '',
  historyTable: environment.source?.historyTable ?? '',
  placeholders: environment.source?.placeholders ?? {},
  protection: null,
});

export function withConnection(draft: Draft, connection: Connection): Draft {
  if (connection.engine === 'sqlite') return { ...draft, engine: 'sqlite', file: connection.file, credential: 'none' };
  const { ssh, ...direct } = connection;
  return {
    ...draft,
    ...direct,
    tlsAuthorityFile: connection.tlsAuthorityFile ?? '',
    tlsCertificateFile: connection.tlsCertificateFile ?? '',
    tlsKeyFile: connection.tlsKeyFile ?? '',
    searchPath: connection.searchPath ?? '',
    // What is pasted says nothing of a tunnel, which may have been filled in before.
    ...(ssh === undefined ? {} : tunnelFields(ssh)),
  };
}

const tunnelFields = (ssh: SshTunnel) => ({
  tunnelled: true,
  sshHost: ssh.host,
  sshPort: ssh.port ?? 0,
  sshUser: ssh.user ?? '',
  sshKeyFile: ssh.keyFile ?? '',
  sshKnownHostsFile: ssh.knownHostsFile ?? '',
});

/** What the form shows until somebody chooses: the environment's own while its tier stays, else what the tier has. */
export const shownProtection = (draft: Draft, stored: Environment | null, layers: SettingsLayers): Protection =>
  draft.protection ??
  (stored !== null && stored.tier === draft.tier ? stored.protection : settingsFor(layers, draft.tier).protection);

export type DraftField = 'name' | 'host' | 'port' | 'database' | 'file' | 'sshHost' | 'tlsKeyFile';

/** Fields that still need something, with what. */
export function missingFields(draft: Draft): Partial<Record<DraftField, string>> {
  return { ...(draft.name.trim() === '' ? { name: 'Give it a name' } : {}), ...missingConnection(draft) };
}

export function missingConnection(draft: Draft): Partial<Record<DraftField, string>> {
  if (draft.engine === 'sqlite') return draft.file.trim() === '' ? { file: 'Name the database file' } : {};
  const validPort = Number.isInteger(draft.port) && draft.port >= 1 && draft.port <= 65_535;
  return {
    ...(draft.host.trim() === '' ? { host: 'Name the server' } : {}),
    ...(validPort ? {} : { port: '1 to 65535' }),
    ...(draft.database.trim() === '' ? { database: 'Name the database' } : {}),
    ...(draft.tunnelled && draft.sshHost.trim() === '' ? { sshHost: 'Name the SSH server' } : {}),
    ...((draft.tlsCertificateFile.trim() === '') === (draft.tlsKeyFile.trim() === '')
      ? {}
      : { tlsKeyFile: 'Certificate and key belong together' }),
  };
}

export function connectionOf(draft: Draft): Connection {
  if (draft.engine === 'sqlite') return { engine: 'sqlite', file: draft.file.trim() };
  return {
    engine: draft.engine,
    host: draft.host.trim(),
    port: draft.port,
    database: draft.database.trim(),
    user: draft.user.trim(),
    tls: draft.tls,
    ...said('tlsAuthorityFile', draft.tlsAuthorityFile),
    ...said('tlsCertificateFile', draft.tlsCertificateFile),
    ...said('tlsKeyFile', draft.tlsKeyFile),
    ...(draft.tunnelled ? { ssh: tunnelOf(draft) } : {}),
    ...(draft.engine === 'mysql' || draft.searchPath.trim() === '' ? {} : { searchPath: draft.searchPath.trim() }),
  };
}

const tunnelOf = (draft: Draft): SshTunnel => ({
  host: draft.sshHost.trim(),
  ...(draft.sshPort === 0 ? {} : { port: draft.sshPort }),
  ...said('user', draft.sshUser),
  ...said('keyFile', draft.sshKeyFile),
  ...said('knownHostsFile', draft.sshKnownHostsFile),
});

/** Nothing where nothing was entered. */
const said = <K extends string>(key: K, value: string): { readonly [key in K]?: string } =>
  value.trim() === '' ? {} : ({ [key]: value.trim() } as { readonly [key in K]?: string });

/** `copyOf`: the environment that is duplicated; its password is taken over unless another is entered. */
export function inputOf(draft: Draft, copyOf: Environment | null = null): EnvironmentInput {
  const keepsSecret = copyOf !== null && draft.password === '' && draft.credential === copyOf.credential.kind;
  return {
    ...commonOf(draft),
    ...(draft.protection === null ? {} : { protection: draft.protection }),
    ...(keepsSecret ? { secret: null, secretOf: copyOf.id } : { secret: secretOf(draft) }),
  };
}

/** An untouched password stays where it is, and so does what protects it. */
export function patchOf(draft: Draft, before: Environment): EnvironmentPatch {
  const keepsSecret = draft.credential === before.credential.kind && draft.password === '';
  return {
    id: before.id,
    ...commonOf(draft),
    ...(draft.protection === null ? {} : { protection: draft.protection }),
    ...(keepsSecret ? {} : { secret: secretOf(draft) }),
  };
}

const commonOf = (draft: Draft) => ({
  name: draft.name.trim(),
  tier: draft.tier,
  colour: draft.colour,
  group: draft.group.trim(),
  connection: connectionOf(draft),
  source:
    draft.sourcePath.trim() === ''
      ? null
      : {
          path: draft.sourcePath.trim(),
          ...(draft.tool === '' ? {} : { tool: draft.tool }),
          ...(draft.historyTable.trim() === '' ? {} : { historyTable: draft.historyTable.trim() }),
          ...(Object.keys(draft.placeholders).length === 0 ? {} : { placeholders: { ...draft.placeholders } }),
        },
});

const secretOf = (draft: Draft): EnvironmentInput['secret'] =>
  draft.engine === 'sqlite' || draft.credential === 'none'
    ? null
    : { password: draft.password, keep: draft.credential };
