/** Bundles by the command line: made at home, carried to a site, refused, trusted, applied, reported. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, writeFolder } from '../services/backend.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
let home: string;
let site: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-bundles-'));
  [home, site] = [path.join(folder, 'home'), path.join(folder, 'site')];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// Some fifteen processes, on however busy a machine.
it('a bundle goes from a build to a site', { timeout: 600_000 }, async () => {
  await using database = await testDatabase('sqlite');
  const source = await writeFolder(folder, {
    '1_people.sql': '-- migrate:up\ncreate table people (id integer);\n-- migrate:down\ndrop table people;\n',
    '2_towns.sql': '-- migrate:up\ncreate table towns (id integer);\n-- migrate:down\ndrop table towns;\n',
  });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const publicFile = path.join(folder, 'desk.pem');
  await writeFile(publicFile, String(publicKey.export({ format: 'pem', type: 'spki' })));
  const file = path.join(folder, 'hotfix.lkb');
  const making = (out: string) =>
    lockkeeper(
      home,
      [
        'bundle',
        'create',
        '--source',
        source,
        '--out',
        out,
        '--notes',
        'Read me \u001b[31m',
        '--signing-key-env',
        'KEY',
      ],
      { env: { KEY: pem } },
    );
  const made = await making(file);
  expect(made.code, made.stderr).toBe(0);
  expect(made.stdout + made.stderr).not.toContain(pem.split('\n')[1]);
  await making(path.join(folder, 'again.lkb'));
  expect((await readFile(path.join(folder, 'again.lkb'))).equals(await readFile(file))).toBe(true);
  expect((await making(path.join(folder, 'hotfix.zip'))).code).toBe(2);

  const on = ['--url', database.url];
  const inspected = await lockkeeper(site, ['bundle', 'inspect', file]);
  expect(inspected.stdout).toContain('not trusted here');
  expect(inspected.stdout).not.toContain('\u001b');
  const refused = await lockkeeper(site, ['bundle', 'apply', file, ...on, '--json']);
  expect([refused.code, refused.json().problem?.code]).toEqual([7, 'bundle.untrusted']);
  expect((await lockkeeper(site, ['up', '--source', file, ...on])).code).toBe(7);

  const blind = await lockkeeper(site, ['bundle', 'trust', publicFile, '--name', 'Desk', '--json']);
  expect([blind.code, blind.json().problem?.code]).toEqual([7, 'gate.confirmation']);
  const { signer } = (await lockkeeper(site, ['bundle', 'inspect', file, '--json'])).json() as {
    signer: { fingerprint: string };
  };
  const trusting = ['bundle', 'trust', publicFile, '--name', 'Desk', '--fingerprint', signer.fingerprint];
  expect((await lockkeeper(site, trusting)).code).toBe(0);
  expect((await lockkeeper(site, ['bundle', 'check', file, ...on, '--json'])).json()).toMatchObject({
    verdict: 'applicable',
    pending: ['1', '2'],
  });
  const report = path.join(folder, 'report.json');
  const done = await lockkeeper(site, [
    'bundle',
    'apply',
    file,
    ...on,
    '--rehearse',
    '--backup',
    '--report',
    report,
    '--json',
  ]);
  expect([done.code, done.json()['outcome']], done.stderr).toEqual([0, 'succeeded']);
  const reported = JSON.parse(await readFile(report, 'utf8'));
  expect(reported).toMatchObject({ run: { outcome: 'succeeded' }, backup: { level: 'checked' } });
  expect(JSON.stringify(reported.audit)).toContain(signer.fingerprint);
  expect((await lockkeeper(site, ['bundle', 'check', file, ...on, '--json'])).json()['verdict']).toBe('alreadyApplied');
  expect((await lockkeeper(site, ['status', '--source', source, ...on, '--json'])).json()['current']).toBe('2');

  const cut = path.join(folder, 'cut.lkb');
  await writeFile(cut, (await readFile(file)).subarray(0, 700));
  const damaged = await lockkeeper(site, ['bundle', 'check', cut, ...on, '--json']);
  expect([damaged.code, damaged.json().problem?.code]).toEqual([4, 'bundle.damaged']);
});
