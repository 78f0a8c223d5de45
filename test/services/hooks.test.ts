/** Hooks of real runs: commands as processes, webhooks to a server of this computer. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmod, readFile, realpath, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAskEachSession } from '../../electron/credentials/askEachSession.ts';
import type { Context } from '../../electron/services/context.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { exportEnvironments } from '../../electron/services/exportEnvironments.ts';
import { setHookSecret, testHook } from '../../electron/services/hooks/hooks.ts';
import { contextWithRole } from '../../electron/services/roles.ts';
import { saveSettings } from '../../electron/services/settings.ts';
import { startRun } from '../../electron/services/startRun.ts';
import type { Hook, HookSummary } from '../../shared/model/hook.ts';
import type { Run, RunRecord } from '../../shared/model/run.ts';
import { type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from './backend.ts';
import { environmentOf } from './values.ts';

const script = { '1_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\ndrop table a;\n' };

let test: TestBackend;
let database: TestDatabase;
let context: Context;

beforeEach(async () => {
  test = await testBackend();
  database = await testDatabase('sqlite');
  context = { ...test.backend.context };
  await addEnvironment(context, environmentOf(database.url, await writeFolder(test.folder, script)));
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await test[Symbol.asyncDispose]();
});

const about = { actions: ['up'], timeoutSeconds: 60 } as const;

/** A shell script as a hook's program: the shell is what the script is written in, not how it is called. */
async function program(name: string, text: string): Promise<string> {
  const file = path.join(test.folder, name);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o700);
  return file;
}

const set = (hooks: readonly Hook[]) =>
  saveSettings(context, { layer: { scope: { kind: 'workspace' }, values: { hooks: [...hooks] } } });

async function migrate(): Promise<{ run: Run; records: readonly RunRecord[] }> {
  const started = await startRun(context, {
    target: { kind: 'environment', nameOrId: 'ward' },
    wanted: { direction: 'up' },
    fingerprint: null,
    confirm: null,
    reason: null,
    accept: [],
    continueOnError: false,
  });
  return { run: await started.finished, records: await context.runs.records(started.id) };
}

const tables = () => database.query(`select name from sqlite_schema where name = 'a'`);
const notices = (records: readonly RunRecord[]) =>
  records.flatMap((record) => (record.type === 'notice' ? [record.message] : []));

describe('a command', () => {
  it('is told the run before and after it, in an environment of its own', async () => {
    process.env['LOCKKEEPER_CANARY_PASSWORD'] = 'canary';
    const told = path.join(test.folder, 'told.json');
    const tell = await program('tell', `env | sort; cat >> ${told}; echo >> ${told}; echo "$1"`);
    await set([
      { ...about, name: 'first', moment: 'before', kind: 'command', command: [tell, 'a $HOME `id` "word"'] },
      { ...about, name: 'last', moment: 'after', kind: 'command', command: [tell] },
      { ...about, actions: ['down'], name: 'never', moment: 'before', kind: 'command', command: ['/nonexistent'] },
    ]);
    const { run, records } = await migrate();
    delete process.env['LOCKKEEPER_CANARY_PASSWORD'];
    expect(run).toMatchObject({ outcome: 'succeeded', warnings: [] });
    expect(run.finishedPhases[0]).toBe('hooksBefore');
    expect(run.finishedPhases.at(-1)).toBe('hooksAfter');
    const [first = '', last = ''] = notices(records);
    expect(first).toContain('LOCKKEEPER_MOMENT=before');
    expect(first).toContain('a $HOME `id` "word"');
    expect(last).toContain('LOCKKEEPER_OUTCOME=succeeded');
    for (const line of `${first}\n${last}`.split('\n'))
      if (/^\w+=/.test(line)) expect(line).toMatch(/^(LOCKKEEPER_\w+|PATH|HOME|LANG|TZ|TMPDIR|PWD|SHLVL|_|OLDPWD)=/);
    expect(`${first}${last}`).not.toContain('canary');
    const summaries = (await readFile(told, 'utf8')).trim().split('\n');
    expect(summaries.map((line) => JSON.parse(line) as HookSummary)).toMatchObject([
      { format: 'lockkeeper hook 1', moment: 'before', run: run.id, environment: 'ward', outcome: null, test: false },
      { moment: 'after', outcome: 'succeeded', steps: [{ version: '1', outcome: 'succeeded' }] },
    ]);
  });

  it('works in the folder that is set for it; one that is not there is told', async () => {
    const where = await program('where', 'pwd -P');
    const hook = { ...about, name: 'gate', moment: 'before', kind: 'command', command: [where] } as const;
    const folder = await realpath(test.folder);
    await set([{ ...hook, folder }]);
    const signal = new AbortController().signal;
    expect(await testHook(context, null, 'gate', signal)).toMatchObject({ output: `${folder}\n` });
    await set([{ ...hook, folder: path.join(folder, 'none') }]);
    expect((await migrate()).run).toMatchObject({
      outcome: 'refused',
      problem: {
        code: 'hook.failed',
        message: expect.stringContaining(`${path.join(folder, 'none')} cannot be worked in`),
      },
    });
    await expect(set([{ ...hook, folder: 'here' }])).rejects.toMatchObject({ problem: { code: 'hook.invalid' } });
  });

  it('that fails before a run refuses it', async () => {
    await set([
      {
        ...about,
        name: 'gate',
        moment: 'before',
        kind: 'command',
        command: [await program('no', 'echo not today; exit 3')],
      },
    ]);
    expect((await migrate()).run).toMatchObject({
      outcome: 'refused',
      problem: { code: 'hook.failed', message: expect.stringContaining('not today') },
    });
    expect(await tables()).toEqual([]);
  });

  it('that fails after a run is told, and changes nothing of it', async () => {
    await set([{ ...about, name: 'bell', moment: 'after', kind: 'command', command: ['/nonexistent/program'] }]);
    expect((await migrate()).run).toMatchObject({
      outcome: 'succeeded',
      problem: null,
      warnings: [expect.stringContaining('bell')],
    });
    expect(await tables()).toHaveLength(1);
  });

  it('is ended at its limit with all that it has started', async () => {
    const pidFile = path.join(test.folder, 'pid');
    const slow = await program('slow', `sleep 600 & echo $! > ${pidFile}; wait`);
    await set([{ ...about, timeoutSeconds: 5, name: 'slow', moment: 'before', kind: 'command', command: [slow] }]);
    const { run } = await migrate();
    expect(run).toMatchObject({
      outcome: 'refused',
      problem: { code: 'hook.failed', message: expect.stringContaining('within 5 seconds') },
    });
    const child = Number(await readFile(pidFile, 'utf8'));
    await expect.poll(() => isThere(child), { timeout: 20_000 }).toBe(false);
  });

  it('says as much as it wants, and the beginning is kept', async () => {
    const much = await program(
      'much',
      'i=0; while [ $i -lt 3000 ]; do echo "0123456789012345678901234567890123456789"; i=$((i+1)); done',
    );
    await set([{ ...about, name: 'much', moment: 'after', kind: 'command', command: [much] }]);
    const { run, records } = await migrate();
    expect(run.outcome).toBe('succeeded');
    expect(notices(records)[0]?.length).toBeLessThan(70_000);
  });
});

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a webhook', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let received: { body: string; headers: IncomingMessage['headers']; url: string }[];
  let url: string;

  beforeEach(async () => {
    received = [];
    answer = (_, response) => response.end('taken');
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ body, headers: request.headers, url: request.url ?? '' });
      answer(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is signed with the secret of the keychain', async () => {
    // Memory stands for the system's keychain, which a test must not write into.
    context = { ...context, credentials: { ...context.credentials, keychain: createAskEachSession() } };
    await setHookSecret(context, 'desk', 'a secret of the desk');
    await set([{ ...about, name: 'desk', moment: 'after', kind: 'webhook', url, signed: true }]);
    const { run } = await migrate();
    expect(run).toMatchObject({ outcome: 'succeeded', warnings: [] });
    const [{ body = '', headers = {} } = {}] = received;
    expect(JSON.parse(body)).toMatchObject({ hook: 'desk', run: run.id, outcome: 'succeeded' });
    const signed = createHmac('sha256', 'a secret of the desk')
      .update(`${String(headers['x-lockkeeper-timestamp'])}.${body}`)
      .digest('hex');
    expect(headers['x-lockkeeper-signature']).toBe(`sha256=${signed}`);
    expect(headers['content-type']).toBe('application/json');
  });

  it.each([
    [
      'a redirect, which is not followed',
      (response: ServerResponse) => response.writeHead(307, { location: '/elsewhere' }).end(),
    ],
    ['an error', (response: ServerResponse) => response.writeHead(500).end('broken')],
  ])('that is answered with %s refuses the run', async (_, answered) => {
    answer = (_request, response) => answered(response);
    await set([{ ...about, name: 'gate', moment: 'before', kind: 'webhook', url, signed: false }]);
    expect((await migrate()).run).toMatchObject({ outcome: 'refused', problem: { code: 'hook.failed' } });
    expect(received.map((one) => one.url)).toEqual(['/hook']);
    expect(await tables()).toEqual([]);
  });

  it('reads no endless answer, and waits for none that does not come', async () => {
    answer = (_request, response) => {
      const write = (): void => {
        while (response.writable && response.write('x'.repeat(65_536)));
        response.once('drain', write);
      };
      write();
    };
    await set([{ ...about, name: 'gate', moment: 'before', kind: 'webhook', url, signed: false }]);
    expect((await testHook(context, null, 'gate', new AbortController().signal)).output).toHaveLength(65_536);
    answer = () => undefined;
    await set([{ ...about, timeoutSeconds: 1, name: 'gate', moment: 'before', kind: 'webhook', url, signed: false }]);
    await expect(testHook(context, null, 'gate', new AbortController().signal)).rejects.toMatchObject({
      problem: { code: 'hook.failed', message: expect.stringContaining('within 1 seconds') },
    });
  });

  it('is tried with a sample that says so', async () => {
    await set([{ ...about, name: 'desk', moment: 'after', kind: 'webhook', url, signed: false }]);
    expect(await testHook(context, null, 'desk', new AbortController().signal)).toMatchObject({ output: 'taken' });
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ test: true, hook: 'desk' });
    await expect(testHook(context, null, 'other', new AbortController().signal)).rejects.toMatchObject({
      problem: { code: 'hook.notFound' },
    });
    expect(context.workspace.audit.list({ limit: 1 })[0]).toMatchObject({ action: 'hook tried' });
  });
});

it('hooks that could do harm by their words are refused, and only administrators set any', async () => {
  const command = (...words: string[]): Hook => ({
    ...about,
    name: 'x',
    moment: 'before',
    kind: 'command',
    command: words,
  });
  const webhook = (url: string): Hook => ({
    ...about,
    name: 'x',
    moment: 'after',
    kind: 'webhook',
    url,
    signed: false,
  });
  const unsound = [
    [command('curl', 'x')],
    [command('/bin/echo', 'a\0b')],
    [webhook('http://example.org/')],
    [webhook('ftp://example.org/')],
    [webhook('https://ada:secret@example.org/')],
    [webhook('not an address')],
    [command('/bin/true'), webhook('https://example.org/')],
  ];
  for (const hooks of unsound) await expect(set(hooks)).rejects.toMatchObject({ problem: { code: 'hook.invalid' } });
  const layer = { scope: { kind: 'workspace' } as const, values: { hooks: [command('/bin/true')] } };
  await expect(saveSettings(contextWithRole(context, 'operator'), { layer })).rejects.toMatchObject({
    problem: { code: 'gate.role' },
  });
  await set([command('/bin/true')]);
  expect(JSON.stringify(exportEnvironments(context))).not.toContain('/bin/true');
});
