/**
 * Real database servers for tests, each in a temporary folder, on a free port of 127.0.0.1, run by an unprivileged
 * user, with passwords that are really checked.
 *
 * Shared servers start on first use, once per vitest run, and belong to every test file; isolate a test by a database
 * of its own:
 *
 * ```ts
 * const server = await postgres15(); // or postgres18(), mariadb(), shared('mariadb')
 * await using database = await server.createDatabase(); // dropped at the end of the block
 * await database.query('CREATE TABLE patient (id integer)');
 * const rows = await database.query('SELECT count(*) AS count FROM patient');
 * connectWithTheCodeUnderTest(database.url); // as the superuser
 * const clerk = await server.createUser(); // may log in and nothing else; GRANT as the test needs
 * connectWithTheCodeUnderTest(server.url(database.name, clerk));
 * ```
 *
 * A test that stops, kills or reconfigures a server starts a private one (one to three seconds):
 *
 * ```ts
 * await using server = await startPostgres({ version: 15 }); // or startMariadb()
 * await server.kill(); // SIGKILL, as a crash would
 * await server.start(); // same data, same port
 * ```
 *
 * TLS: `server.tls` gives the certificate authority's file and the one host name the certificate is for; the address
 * 127.0.0.1 is not in it, so verification against it must fail.
 *
 * A server that this machine cannot run: `const reason = unavailable('postgres18')`, then `skipBecause(context, reason)`.
 *
 * A watchdog process per server ends it and removes its folder when the test process ends in any way, even by SIGKILL.
 */

export { startGalera } from './galera.ts';
export { startMariadb } from './mariadb.ts';
export type {
  Account,
  PrivateServer,
  ServerKind,
  TestDatabase,
  TestServer,
} from './model.ts';
export { startPostgres, startReplica } from './postgres.ts';
export {
  mariadb,
  postgres15,
  postgres18,
  shared,
  unavailable,
} from './shared.ts';
export { type SshServer, startSshd } from './sshd.ts';
