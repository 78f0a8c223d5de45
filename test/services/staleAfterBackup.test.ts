/** A backup may take hours, and most tools have no lock that ours could hold meanwhile: what they do then must be seen. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { listDumpPrograms } from '../../electron/backups/programs.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { saveSettings } from '../../electron/services/settings.ts';
import { startRun } from '../../electron/services/startRun.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';
import { environmentOf } from './values.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach((context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
});

/** A dump program that waits, once it is asked to dump, until somebody has listened and answered. */
async function waitingProgram() {
  const folder = await mkdtemp(path.join(test.folder, 'program-'));
  const program = (await listDumpPrograms()).find(({ engine }) => engine === 'postgres')?.path ?? '';
  const [begun, answer, wrapper] = ['begun', 'answer', 'pg_dump'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  await promisify(execFile)('mkfifo', [begun, answer]);
  await writeFile(
    wrapper,
    `#!/bin/sh\n[ "$1" = --version ] || { echo > '${begun}'; read -r line < '${answer}'; }\nexec '${program}' "$@"\n`,
  );
  await chmod(wrapper, 0o755);
  return { wrapper, begun, answer, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

it('refuses a plan whose migrations another program applied during the backup', async () => {
  await using database = await testDatabase('postgres15');
  await database.query('create table schema_migrations (version varchar primary key)');
  await using program = await waitingProgram();
  const source = await writeFolder(test.folder, {
    '1_a.sql': '-- migrate:up\ncreate table a (id int);\n-- migrate:down\n',
  });
  const { context } = test.backend;
  const { password } = new URL(database.url);
  const ward = await addEnvironment(context, {
    ...environmentOf(database.url, source),
    secret: { password: decodeURIComponent(password), keep: 'ask' },
  });
  const dumpCommand = { command: [program.wrapper], shell: false, host: null, port: null };
  await saveSettings(context, {
    layer: { scope: { kind: 'environment', id: ward.id }, values: { backup: { dumpCommand } } },
  });
  const started = await startRun(context, {
    target: { kind: 'environment', nameOrId: ward.id },
    wanted: { direction: 'up' },
    fingerprint: null,
    backup: true,
    confirm: null,
    reason: null,
    accept: [],
    continueOnError: false,
  });
  await promisify(execFile)('head', ['-n1', program.begun]);
  await database.query("insert into schema_migrations values ('1')");
  await writeFile(program.answer, '\n');
  const run = await started.finished;
  expect(run.problem).toMatchObject({ code: 'plan.stale' });
  expect(run.outcome).toBe('refused');
  expect(await database.query("select to_regclass('a') as a")).toEqual([{ a: null }]);
});
