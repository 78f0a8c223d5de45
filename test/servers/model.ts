// What a test sees of a database server.

export type ServerKind = 'postgres15' | 'postgres18' | 'mariadb';

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** A row as the driver returns it, by column name. */
export type Row = Readonly<Record<string, unknown>>;

/** Everything about a running server that can travel between processes. */
export interface ServerDescription {
  readonly kind: ServerKind;
  readonly host: string;
  readonly port: number;
  /** Process id of the server's main process. */
  readonly pid: number;
  /** Path of the Unix socket; for PostgreSQL the folder it is in, as its clients want it. */
  readonly socket: string;
  readonly superuser: Account;
  /** Paths of `pg_dump` and `psql`, or `mariadb-dump` and `mariadb`. The PostgreSQL 18 in use comes without them. */
  readonly programs: { readonly dump: string; readonly client: string } | undefined;
  /** The only host name the server's certificate is valid for, and the authority that signed it. */
  readonly tls: { readonly caFile: string; readonly host: string };
}

export interface TestServer extends ServerDescription {
  /** Connection URL; the superuser's, in the server's administrative database, unless told otherwise. */
  url(database?: string, account?: Account): string;
  /** Runs SQL as the superuser in the administrative database; returns the rows of the last statement. */
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  createDatabase(): Promise<TestDatabase>;
  /** Creates an account that may log in and nothing else; a random name and password unless given. */
  createUser(account?: Partial<Account>): Promise<Account>;
}

/** An empty database of a random name, dropped with its connections on disposal. */
export interface TestDatabase extends AsyncDisposable {
  readonly name: string;
  /** Connection URL of the superuser. */
  readonly url: string;
  /** Runs SQL as the superuser; returns the rows of the last statement. */
  query(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
}

/** A server of one test, which may kill it. Disposal stops it and removes its folder. */
export interface PrivateServer extends TestServer, AsyncDisposable {
  /** Folder of data, log (`server.log`), socket and certificates. */
  readonly folder: string;
  /** Sends a signal to the server's main process, SIGKILL unless given, and waits until that process has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the server again after `kill` with the same data, port and accounts. */
  start(): Promise<void>;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}
