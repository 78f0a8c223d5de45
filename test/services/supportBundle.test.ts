/** The support bundle: a canary password and a canary row are searched for in everything that was written. */
import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { writeSupportBundle } from '../../electron/services/supportBundle.ts';
import { endKeyring, keyringMissing, unlock } from '../credentials/keyring.ts';
import { postgres15, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { testBackend, writeFolder } from './backend.ts';

const password = 'canary-pw "4f1d %';
const row = 'canary row of Ada';
const host = 'db-7.hospital.example';

test('holds what helps, and neither a password nor anybody’s data', async (context) => {
  const reason = unavailable('postgres15') ?? keyringMissing();
  if (reason !== undefined) skipBecause(context, reason);
  await using home = await testBackend();
  const server = await postgres15();
  await using database = await server.createDatabase();
  const account = await server.createUser({ password });
  await database.query(`GRANT ALL ON SCHEMA public TO ${account.user}`);
  await database.query(`GRANT CREATE ON DATABASE "${database.name}" TO ${account.user}`);
  const source = await writeFolder(home.folder, {
    '1_patients.sql': `-- migrate:up\ncreate table patient (name text unique);\ninsert into patient values ('${row}');\nselect name from patient;\ndo $$ begin raise notice '${row}'; end $$;\nselect '${password}' as password;\n-- migrate:down\n`,
    '2_again.sql': `-- migrate:up transaction:false\ninsert into patient values ('${row}'), ('${password}');\n-- migrate:down\n`,
  });
  const data = path.join(home.folder, 'canary');
  const url = server.url(database.name, { ...account, password: '' }).replace(':@', '@');
  const said = await inKeyringSession(home.folder, [data, url, source, password, host]);
  expect(said.problem).toMatchObject({ code: 'database.statementFailed' });
  // The log keeps the script's own rows, but the password is not in them.
  expect(said.rows).toContainEqual([row]);
  expect(said.rows).toContainEqual(['•••']);

  const text = gunzipSync(await readFile(said.path)).toString('utf8');
  for (const secret of [
    password,
    JSON.stringify(password).slice(1, -1),
    encodeURIComponent(password),
    row,
    host,
    'canary-word',
  ])
    expect(text.includes(secret), secret).toBe(false);
  const bundle = JSON.parse(text) as Record<string, unknown>;
  expect(bundle).toMatchObject({
    format: 1,
    workspace: { check: 'ok' },
    keychain: { kind: 'available' },
    environments: [
      { name: 'asked', connection: { host: expect.stringMatching(/^host-\d$/) } },
      { name: 'kept', lastKnown: expect.anything() },
    ],
    settings: { tiers: { test: { backup: { dumpProgramReachedBy: 'docker' } } } },
  });
  for (const part of ['versions', 'application', 'tools', 'runs', 'logs', 'backups'])
    expect(bundle[part]).toBeDefined();
  expect(text).toContain('database.statementFailed');
  expect(bundle['applicationLog']).toContain('A call failed unexpectedly.');
  expect((await stat(said.path)).mode & 0o077).toBe(0);

  for (const file of await readdir(home.folder, { recursive: true, withFileTypes: true })) {
    const where = path.join(file.parentPath, file.name);
    if (!file.isFile() || where.startsWith(source)) continue;
    const content = await readFile(where);
    for (const secret of [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password)])
      expect(content.includes(secret), where).toBe(false);
  }
});

test('names hosts where that was chosen', async () => {
  await using home = await testBackend();
  const { context } = home.backend;
  const { path: file } = await writeSupportBundle(context, 'shown');
  expect(gunzipSync(await readFile(file)).toString()).toContain(context.host.hostName);
});

interface Said {
  readonly path: string;
  readonly problem: unknown;
  readonly rows: readonly unknown[];
}

async function inKeyringSession(folder: string, args: readonly string[]): Promise<Said> {
  const body = [process.execPath, path.join(import.meta.dirname, 'supportSession.ts'), ...args];
  const { stdout } = await promisify(execFile)(
    'dbus-run-session',
    ['--', 'sh', '-c', `${unlock}"$@"; status=$?; ${endKeyring} exit $status`, 'sh', ...body],
    {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        XDG_DATA_HOME: path.join(folder, 'share'),
        XDG_RUNTIME_DIR: folder,
      },
      timeout: 60_000,
      killSignal: 'SIGKILL',
    },
  );
  const [said] = JSON.parse(stdout.slice(stdout.lastIndexOf('[{'))) as Said[];
  if (said === undefined) throw new Error(stdout);
  return said;
}
