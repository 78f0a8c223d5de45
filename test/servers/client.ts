// What tests do on a server of either kind, over its driver.
import { randomBytes } from 'node:crypto';
import type { Account, Row, ServerDescription, TestDatabase, TestServer } from './model.ts';

/** The differences between the servers' clients. */
export interface Client {
  readonly scheme: string;
  readonly administrativeDatabase: string;
  query(url: string, sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** SQL that drops a database even while connections to it are open. */
  dropDatabase(name: string): string;
  createUser(account: Account): string;
}

export const randomName = (prefix: string): string => `${prefix}_${randomBytes(6).toString('hex')}`;

export const randomPassword = (): string => randomBytes(16).toString('hex');

export function connectionUrl(client: Client, description: ServerDescription, database?: string, account?: Account) {
  const { user, password } = account ?? description.superuser;
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const name = encodeURIComponent(database ?? client.administrativeDatabase);
  return `${client.scheme}://${credentials}@${description.host}:${description.port}/${name}`;
}

export function openServer(client: Client, description: ServerDescription): TestServer {
  const url: TestServer['url'] = (database, account) => connectionUrl(client, description, database, account);
  const query: TestServer['query'] = (sql, parameters) => client.query(url(), sql, parameters);

  const createDatabase = async (): Promise<TestDatabase> => {
    const name = randomName('test');
    await query(`CREATE DATABASE ${name}`);
    return {
      name,
      url: url(name),
      query: (sql, parameters) => client.query(url(name), sql, parameters),
      [Symbol.asyncDispose]: async () => {
        await query(client.dropDatabase(name));
      },
    };
  };

  const createUser = async (given: Partial<Account> = {}): Promise<Account> => {
    const account = {
      user: given.user ?? randomName('user'),
      password: given.password ?? randomPassword(),
    };
    await query(client.createUser(account));
    return account;
  };

  return { ...description, url, query, createDatabase, createUser };
}
