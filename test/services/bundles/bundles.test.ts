/** Bundles from making to applying: what is refused, where and why, and that nothing is written for it. */
import { createPrivateKey, sign } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withBundle } from '../../../electron/services/bundles/bundleTarget.ts';
import { checkBundle, inspectBundle } from '../../../electron/services/bundles/checkBundle.ts';
import { type ContainerEntry, readContainer, writeContainer } from '../../../electron/services/bundles/container.ts';
import { readBundle, sha256 } from '../../../electron/services/bundles/readBundle.ts';
import { planMigration } from '../../../electron/services/planMigration.ts';
import { readStatus } from '../../../electron/services/readStatus.ts';
import { prepareResume, startResume } from '../../../electron/services/resumeRun.ts';
import type { TargetRequest } from '../../../electron/services/target.ts';
import { removeTrustedKey } from '../../../electron/services/trustStore.ts';
import type { BundleVerdict } from '../../../shared/model/bundle.ts';
import { ProblemError } from '../../../shared/problem.ts';
import { unavailable } from '../../servers/index.ts';
import { skipBecause } from '../../setup/skip.ts';
import { adHoc, run, type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from '../backend.ts';
import { bundleOf, nothingRequired, privatePem, trust } from './make.ts';

let test: TestBackend;
let folder: string;
const pem = privatePem();
const scripts = {
  '20260101_people.sql':
    '-- migrate:up\ncreate table people (id integer);\ninsert into people values (1);\n-- migrate:down\ndrop table people;\n',
  '20260102_names.sql':
    '-- migrate:up\nalter table people add column name varchar(20);\n-- migrate:down\nalter table people drop column name;\n',
  '20260103_towns.sql': '-- migrate:up\ncreate table towns (id integer);\n-- migrate:down\ndrop table towns;\n',
};
beforeAll(async () => {
  test = await testBackend();
  folder = await writeFolder(test.folder, scripts);
  await trust(test.backend.context, pem);
});
afterAll(() => test[Symbol.asyncDispose]());

let made = 0;
async function file(content: Buffer): Promise<string> {
  const name = path.join(test.folder, `bundle-${++made}.lkb`);
  await writeFile(name, content);
  return name;
}

const codeOf = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    await act();
    return 'taken';
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown.problem.code;
    throw thrown;
  }
};

const failed = ({ checks }: BundleVerdict): string[] => checks.filter((one) => !one.passed).map((one) => one.check);

/** What lies in the data directory of bundles. */
const unpacked = (): Promise<string[]> =>
  readdir(path.join(test.backend.context.workspace.dataDirectory, 'bundles')).catch(() => []);

describe.each(['sqlite', 'postgres15', 'mariadb'] as const)('on %s', (engine) => {
  let database: TestDatabase;
  let target: TargetRequest;
  beforeAll(async () => {
    database = await testDatabase(engine);
    target = adHoc(database.url, folder);
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it('a range is applied only after what comes before it, and once', async () => {
    const { context } = test.backend;
    const first = await file(await bundleOf(context, folder, pem, { to: '20260101' }));
    const rest = await file(await bundleOf(context, folder, pem, { from: '20260102' }));
    const early = await checkBundle(context, withBundle(target, rest));
    expect([early.verdict, failed(early)]).toEqual(['refused', ['predecessors']]);
    expect((await planMigration(context, withBundle(target, rest), { direction: 'up' })).plan.problems[0]?.code).toBe(
      'bundle.unfit',
    );
    await expect(run(test.backend, withBundle(target, rest))).rejects.toThrow('20260101');

    expect(await checkBundle(context, withBundle(target, first))).toMatchObject({
      verdict: 'applicable',
      pending: ['20260101'],
    });
    expect((await run(test.backend, withBundle(target, first))).run.outcome).toBe('succeeded');
    expect((await checkBundle(context, withBundle(target, first))).verdict).toBe('alreadyApplied');
    const done = await run(test.backend, withBundle(target, rest));
    expect(done.run.steps.map(({ version, outcome }) => `${version} ${outcome}`)).toEqual([
      '20260102 succeeded',
      '20260103 succeeded',
    ]);
    expect(done.run.bundle).toBe(sha256(await readFile(rest)));
    expect(await database.query('select name from people')).toEqual([{ name: null }]);
    const status = await readStatus(context, target);
    expect([status.counts.applied, status.pending]).toEqual([3, 0]);
    const audited = [...context.workspace.audit.entries()].find((entry) => entry.run === done.run.id);
    expect(JSON.parse(audited?.detail ?? '{}')).toMatchObject({ bundle: { digest: sha256(await readFile(rest)) } });

    // Its way back came along.
    const back = await run(test.backend, withBundle(target, rest), { wanted: { direction: 'down', steps: 2 } });
    expect(back.run.outcome).toBe('succeeded');
    expect((await readStatus(context, target)).current).toBe('20260101');
  });

  it('what it requires of the database is asked', async () => {
    const { context } = test.backend;
    const asked = async (requires: Partial<typeof nothingRequired>) =>
      checkBundle(
        context,
        withBundle(
          target,
          await file(await bundleOf(context, folder, pem, { requires: { ...nothingRequired, ...requires } })),
        ),
      );
    const product = ({ sqlite: 'SQLite', postgres15: 'PostgreSQL', mariadb: 'MariaDB' } as const)[engine];
    const major = { sqlite: '3', postgres15: '15', mariadb: '10' }[engine];
    expect(failed(await asked({ servers: [{ product, from: major, to: major }] }))).toEqual([]);
    expect(failed(await asked({ servers: [{ product, from: '99', to: null }] }))).toEqual(['server']);
    expect(failed(await asked({ servers: [{ product, from: null, to: '1' }] }))).toEqual(['server']);
    expect(failed(await asked({ servers: [{ product: 'MySQL', from: null, to: null }] }))).toEqual(['server']);
    expect(failed(await asked({ extensions: ['surely_not_there'] }))).toEqual(['extensions']);
    if (engine === 'postgres15') expect(failed(await asked({ extensions: ['plpgsql'] }))).toEqual([]);
    expect(failed(await asked({ schemaVersion: '20250101' }))).toEqual(['schemaVersion']);
    expect(failed(await asked({ schemaVersion: '20260101' }))).toEqual([]);
  });
});

it('a run that was interrupted is gone on with from the bundle, wherever its file is by now', async (context) => {
  const reason = unavailable('mariadb');
  if (reason !== undefined) skipBecause(context, reason);
  const { context: backend } = test.backend;
  const source = await writeFolder(test.folder, {
    '1_people.sql':
      '-- migrate:up\ncreate table people (id integer);\ninsert into later values (1);\n-- migrate:down\ndrop table people;\n',
  });
  await using database = await testDatabase('mariadb');
  const carried = await file(await bundleOf(backend, source, pem));
  const target = adHoc(database.url, folder);
  const { run: stopped } = await run(test.backend, withBundle(target, carried));
  expect(stopped.outcome).toBe('failed');
  await rm(carried);
  await database.query('create table later (id integer)');
  const named: TargetRequest = { kind: 'adHoc', url: database.url };
  const wanted = { run: stopped.id, action: 'resume' as const, target: named, reason: null, accept: [] };
  await using prepared = await prepareResume(backend, wanted);
  const answers = { fingerprint: null, backup: false, confirm: null, reason: null, accept: [], continueOnError: false };
  expect((await startResume(backend, prepared, answers).finished).outcome).toBe('succeeded');
  expect(await database.query('select id from later')).toEqual([{ id: 1 }]);
});

describe('before anything else', () => {
  it('a bundle of a key that is not trusted is shown, but not unpacked, planned or run', async () => {
    const { context } = test.backend;
    const stranger = privatePem();
    const bundle = await file(await bundleOf(context, folder, stranger, { notes: '<b>\u001b[31mred' }));
    await using database = await testDatabase('sqlite');
    const before = await unpacked();
    const target = withBundle(adHoc(database.url, folder), bundle);
    expect((await inspectBundle(context, bundle)).signer.trusted).toBeNull();
    const verdict = await checkBundle(context, target);
    expect([verdict.verdict, failed(verdict), verdict.server]).toEqual(['refused', ['trust'], null]);
    expect(verdict.problem?.code).toBe('bundle.untrusted');
    for (const act of [() => planMigration(context, target, { direction: 'up' }), () => readStatus(context, target)])
      expect(await codeOf(act)).toBe('bundle.untrusted');
    expect(await codeOf(() => run(test.backend, target))).toBe('bundle.untrusted');
    expect(await unpacked()).toEqual(before);
    expect(await database.query('select name from sqlite_master')).toEqual([]);

    await trust(context, stranger, 'Stranger');
    expect((await checkBundle(context, target)).verdict).toBe('applicable');
    removeTrustedKey(context, 'Stranger');
    expect((await checkBundle(context, target)).problem?.code).toBe('bundle.untrusted');
  });

  it('what was changed in the private folder is made anew', async () => {
    const { context } = test.backend;
    const content = await bundleOf(context, folder, pem, { to: '20260101' });
    const bundle = await file(content);
    await using database = await testDatabase('sqlite');
    const target = withBundle(adHoc(database.url, folder), bundle);
    await readStatus(context, target);
    const place = path.join(context.workspace.dataDirectory, 'bundles', sha256(content));
    await writeFile(path.join(place, '20260101_people.sql'), '-- migrate:up\ncreate table evil (id integer);\n');
    await writeFile(path.join(place, '20260109_more.sql'), '-- migrate:up\ncreate table evil (id integer);\n');
    expect((await run(test.backend, target)).run.steps.map(({ version }) => version)).toEqual(['20260101']);
    expect(await database.query("select name from sqlite_master where name in ('evil', 'people')")).toEqual([
      { name: 'people' },
    ]);
    expect(await readdir(place)).toEqual(['20260101_people.sql']);
  });

  it('what is applied here with another content is told', async () => {
    const { context } = test.backend;
    const own = await writeFolder(test.folder, {
      'lockkeeper.json': '{"lockkeeper": 1}',
      '1.0.0_people.sql': 'create table people (id integer);\n',
    });
    const other = await writeFolder(test.folder, {
      'lockkeeper.json': '{"lockkeeper": 1}',
      '1.0.0_people.sql': 'create table people (id bigint);\n',
      '2.0.0_towns.sql': 'create table towns (id integer);\n',
    });
    await using database = await testDatabase('sqlite');
    const target = adHoc(database.url, own);
    await run(test.backend, target);
    const verdict = await checkBundle(
      context,
      withBundle(target, await file(await bundleOf(context, other, pem, { from: '2.0.0' }))),
    );
    expect([verdict.verdict, failed(verdict)]).toEqual(['refused', ['checksums']]);
  });

  it('programs in it need trust of their own', async () => {
    const { context } = test.backend;
    const source = await writeFolder(test.folder, {
      'lockkeeper.json': '{"lockkeeper": 1}',
      '1.0.0_people.js': "exports.up = async ({ query }) => { await query('create table people (id integer)'); };\n",
    });
    const bundle = await file(await bundleOf(context, source, pem));
    expect((await inspectBundle(context, bundle)).manifest.migrations).toMatchObject([
      { program: true, included: true },
    ]);
    await using database = await testDatabase('sqlite');
    const target = withBundle(adHoc(database.url, source), bundle);
    expect((await checkBundle(context, target)).verdict).toBe('applicable');
    expect(await codeOf(() => run(test.backend, target))).toBe('gate.trust');
    const { trust: asked } = await planMigration(context, target, { direction: 'up' });
    const accept = [`trust:${asked?.digest ?? ''}`];
    expect((await run(test.backend, target, { accept })).run.outcome).toBe('succeeded');
  });

  it('files that no migration of the range needs stay at home', async () => {
    const { context } = test.backend;
    const source = await writeFolder(test.folder, {
      ...scripts,
      '.env': 'PASSWORD=secret\n',
      'database.yml': 'password: secret\n',
      'notes.txt': 'secret\n',
    });
    const { manifest } = await readBundle(await bundleOf(context, source, pem, { from: '20260102', to: '20260102' }));
    expect(manifest.files.map((one) => one.path)).toEqual(['20260102_names.sql']);
    expect(manifest.migrations.map((one) => [one.version, one.included])).toEqual([
      ['20260101', false],
      ['20260102', true],
    ]);
    expect(await codeOf(() => bundleOf(context, source, pem, { from: '20260103', to: '20260102' }))).toBe(
      'usage.invalid',
    );
    expect(await codeOf(() => bundleOf(context, source, pem, { from: '7' }))).toBe('source.noSuchVersion');
  });
});

describe('what was changed after signing', () => {
  const key = createPrivateKey(pem);
  const signed = (manifest: string): ContainerEntry => {
    const publicKey = publicKeyText;
    const signature = sign(null, Buffer.from(manifest), key).toString('base64');
    return { name: 'signature.json', content: Buffer.from(JSON.stringify({ key: publicKey, signature })) };
  };
  let publicKeyText: string;
  let entries: ContainerEntry[];
  let manifest: Record<string, unknown>;
  beforeAll(async () => {
    const bundle = await bundleOf(test.backend.context, folder, pem, { to: '20260101', notes: 'Plain.' });
    publicKeyText = (await readBundle(bundle)).publicKey;
    entries = await readContainer(bundle);
    manifest = JSON.parse(String(entries[0]?.content));
  });

  const with0 = (text: string, resigned = true): Promise<Buffer> =>
    writeContainer([
      { name: 'manifest.json', content: Buffer.from(text) },
      resigned ? signed(text) : (entries[1] as ContainerEntry),
      ...entries.slice(2),
    ]);
  const refusal = async (content: Buffer | Promise<Buffer>): Promise<string> => {
    const bytes = await content;
    return codeOf(() => readBundle(bytes));
  };

  it('the manifest as it was signed is taken', async () => {
    expect(await refusal(with0(JSON.stringify(manifest)))).toBe('taken');
  });

  it.each([
    ['another note, not signed', () => with0(JSON.stringify({ ...manifest, notes: 'x' }), false), 'bundle.signature'],
    ['no signature', () => writeContainer([entries[0], ...entries.slice(2)] as ContainerEntry[]), 'bundle.damaged'],
    ['fields in another order', () => with0(JSON.stringify({ notes: 'x', ...manifest })), 'bundle.unsafe'],
    ['spaces', () => with0(JSON.stringify(manifest, null, 1)), 'bundle.unsafe'],
    ['a field twice', () => with0(JSON.stringify(manifest).replace('{', '{"tool":"flyway",')), 'bundle.unsafe'],
    ['a field more', () => with0(JSON.stringify({ ...manifest, more: 1 })), 'bundle.damaged'],
    [
      'a prototype',
      () => with0(JSON.stringify(manifest).replace('{', '{"__proto__":{"notes":"x"},')),
      /damaged|unsafe/,
    ],
    ['a constructor', () => with0(JSON.stringify({ ...manifest, constructor: {} })), 'bundle.damaged'],
    ['nothing', () => with0(''), 'bundle.damaged'],
    ['a byte order mark', () => with0(`\ufeff${JSON.stringify(manifest)}`), 'bundle.damaged'],
    ['deep nesting', () => with0(`${'['.repeat(200_000)}${']'.repeat(200_000)}`), 'bundle.unsafe'],
    ['a newer form', () => with0(JSON.stringify({ ...manifest, format: 'lockkeeper bundle 2' })), 'bundle.newer'],
    ['notes too long', () => with0(JSON.stringify({ ...manifest, notes: 'x'.repeat(30_000) })), 'bundle.damaged'],
    ['too large', () => with0(JSON.stringify({ ...manifest, notes: 'xy\n'.repeat(7_000_000) })), 'bundle.unsafe'],
    ['a range of others', () => with0(JSON.stringify({ ...manifest, range: { from: '9', to: '9' } })), 'bundle.unsafe'],
  ])('%s', async (_, make, code) => {
    expect(await refusal(make())).toMatch(code);
  });

  it('a file more, a file less, another file, another order', async () => {
    const [first, second, script] = entries as [ContainerEntry, ContainerEntry, ContainerEntry];
    const extra = { name: 'files/20260102_evil.sql', content: Buffer.from('-- migrate:up\n') };
    expect(await refusal(writeContainer([first, second, script, extra]))).toBe('bundle.damaged');
    expect(await refusal(writeContainer([first, second]))).toBe('bundle.damaged');
    expect(await refusal(writeContainer([first, second, { ...script, content: Buffer.from('x') }]))).toBe(
      'bundle.damaged',
    );
    expect(await refusal(writeContainer([second, first, script]))).toBe('bundle.damaged');
    expect(await refusal(writeContainer([first, second, { ...script, name: 'files/x.sql' }]))).toBe('bundle.damaged');
  });

  it('a name in the manifest that leaves its folder', async () => {
    const files = [{ path: '../evil.sql', bytes: 0, sha256: 'a'.repeat(64) }];
    expect(await refusal(with0(JSON.stringify({ ...manifest, files })))).toBe('bundle.unsafe');
  });

  it('signatures that are none', async () => {
    const withSignature = (text: string) =>
      writeContainer([
        entries[0] as ContainerEntry,
        { name: 'signature.json', content: Buffer.from(text) },
        ...entries.slice(2),
      ]);
    const { key: own, signature } = JSON.parse(String(entries[1]?.content));
    const other = JSON.parse(String(signed('other').content)).signature;
    for (const text of [
      JSON.stringify({ key: own, signature: other }),
      JSON.stringify({ key: own, signature: '' }),
      JSON.stringify({ key: '', signature }),
      JSON.stringify({ key: 'A'.repeat(100), signature }),
      JSON.stringify({ key: `${own} `, signature }),
      JSON.stringify({ key: own, signature, more: 1 }),
      JSON.stringify({ signature, key: own }),
      '{}',
      'null',
    ])
      expect(await refusal(withSignature(text))).toBe('bundle.signature');
  });

  it('cut off anywhere, or with any byte changed, it is refused, and nothing is written', async () => {
    const bundle = await bundleOf(test.backend.context, folder, pem, { to: '20260101', notes: 'Plain.' });
    const before = await unpacked();
    for (let length = 0; length < bundle.length; length++)
      expect(await refusal(bundle.subarray(0, length))).toMatch(/^bundle\./);
    for (let at = 0; at < bundle.length; at++) {
      const changed = Buffer.from(bundle);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(await refusal(changed), `byte ${at}`).toMatch(/^bundle\./);
    }
    expect(await unpacked()).toEqual(before);
  }, 120_000);
});
