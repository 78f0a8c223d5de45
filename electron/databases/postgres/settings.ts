// Settings every session starts with. They travel in the start-up message, so that RESET ALL returns to them.
import type pg from 'pg';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { openTunnel } from '../../tunnels/tunnelStream.ts';
import type { SessionOptions } from '../driver.ts';

/** Told back by the server when the settings arrived: some poolers drop them silently. */
export const marker = 'lockkeeper.session';

/** A transaction left open by a client that hangs holds its locks; one minute is longer than any pause of ours. */
const idleInTransactionMs = 60_000;

/** Seconds: a cut connection is noticed by the server within half a minute. */
const keepalives = { idle: 10, interval: 5, count: 3 };

/** Milliseconds until our own side asks whether the server is still there. */
const keepAliveDelayMs = 10_000;

/**
 * @param watchesClient the server looks every second whether its client is gone, and then ends the statement.
 * PostgreSQL 14 and later, and not on every operating system of a server.
 */
export function clientConfig(
  connection: NetworkConnection,
  options: SessionOptions,
  ssl: pg.ClientConfig['ssl'],
  watchesClient: boolean,
): pg.ClientConfig {
  const { ssh } = connection;
  return {
    host: connection.host,
    port: connection.port,
    ...(ssh === undefined ? {} : { stream: () => openTunnel(ssh, connection) }),
    database: connection.database,
    user: connection.user,
    // As a function: without it the client would search the environment and the user's password file.
    password: () => options.password ?? '',
    ssl,
    application_name: options.applicationName,
    client_encoding: 'UTF8',
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    options: startupOptions(connection, options, watchesClient),
  };
}

function startupOptions(connection: NetworkConnection, options: SessionOptions, watchesClient: boolean): string {
  const settings: Record<string, string | number> = {
    [marker]: 1,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    tcp_keepalives_idle: keepalives.idle,
    tcp_keepalives_interval: keepalives.interval,
    tcp_keepalives_count: keepalives.count,
    // PostgreSQL 14 as well: no limit for idle sessions, for ours waits while a backup is taken.
    ...(watchesClient ? { client_connection_check_interval: 1000, idle_session_timeout: 0 } : {}),
    ...(options.readOnly ? { default_transaction_read_only: 'on' } : {}),
    ...(connection.searchPath === undefined ? {} : { search_path: connection.searchPath }),
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${escapeOption(String(value))}`)
    .join(' ');
}

/** Words are separated by white space; a backslash takes the next character as it is. */
const escapeOption = (value: string): string => value.replace(/[\s\\]/g, '\\$&');
