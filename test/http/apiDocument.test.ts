/** What the REST API tells of itself and of what it watches over. */
import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { describeRest } from '../../electron/rpc/rest/document.ts';
import { restContract } from '../../shared/contract/rest/index.ts';
import { statusOf } from '../../shared/contract/rest/statuses.ts';
import { type ProblemCode, problemCodes } from '../../shared/problem.ts';
import { testDatabase } from '../services/backend.ts';
import { readEvents } from './events.ts';
import { type RestServer, startRestServer, twoTables } from './restServer.ts';

let server: RestServer;
beforeAll(async () => {
  server = await startRestServer();
});
afterAll(() => server[Symbol.asyncDispose]());

test('the document is valid OpenAPI 3.1, and the same that the contract makes', async () => {
  const served = await server.get('/api/openapi.json');
  expect(served.headers.get('content-type')).toBe('application/json');
  const text = await served.text();
  const validator = new Validator();
  const { valid, errors } = await validator.validate(z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
  expect(errors ?? []).toEqual([]);
  expect([valid, validator.version]).toEqual([true, '3.1']);
  const made = JSON.stringify(await describeRest(server.test.backend.context.host.version));
  expect(text.length).toBeLessThanOrEqual(made.length);
});

test('every operation has a name of its own, says what it does, and needs a token', async () => {
  const document = (await (await server.get('/api/openapi.json')).json()) as {
    security: unknown;
    paths: Record<string, Record<string, { operationId?: string; summary?: string }>>;
  };
  const operations = Object.values(document.paths).flatMap(({ get, post }) =>
    [get, post].filter((one) => one !== undefined),
  );
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(Object.keys(restContract)));
  expect(operations.filter(({ summary }) => summary === undefined)).toEqual([]);
  expect(document.security).toEqual([{ token: [] }]);
});

test('the page tells the status of every kind of problem as it is', async () => {
  const page = await readFile('docs/rest.md', 'utf8');
  const rows = [...page.matchAll(/^\| (\d{3}) \| .*? \| (.*?) \|$/gm)].map(
    ([, status, codes]) =>
      [Number(status), [...(codes ?? '').matchAll(/`([\w.]+)`/g)].map(([, code]) => code)] as const,
  );
  expect(rows.length).toBeGreaterThan(8);
  for (const [status, codes] of rows)
    for (const code of codes) {
      expect(Object.keys(problemCodes), code).toContain(code);
      expect([code, statusOf(code as ProblemCode)]).toEqual([code, status]);
    }
});

test('metrics tell runs, durations, what is pending and how old backups are; names are escaped', async () => {
  await using database = await testDatabase('sqlite');
  const name = 'ward "A"\\B';
  await server.add(database.url, twoTables, { name });
  const started = await server.post(`/api/environments/${encodeURIComponent(name)}/migrations/up`, {
    steps: 1,
    backup: true,
  });
  const { run } = (await started.json()) as { run: string };
  const events = await readEvents(await server.get(`/api/runs/${run}/events`));
  expect(events.at(-1)?.data).toMatchObject({ outcome: 'succeeded' });
  await server.get(`/api/environments/${encodeURIComponent(name)}/migrations/status`);
  const response = await server.get('/metrics');
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).trimEnd().split('\n');
  const sample =
    /^[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? -?\d+(\.\d+)?(e-?\d+)?$/;
  expect(lines.filter((line) => !sample.test(line) && !/^# (HELP|TYPE) [a-z_]+ .+$/.test(line))).toEqual([]);
  const labels = 'environment="ward \\"A\\"\\\\B",action="up",outcome="succeeded"';
  expect(lines).toContain(`lockkeeper_runs_total{${labels}} 1`);
  expect(lines).toContain(`lockkeeper_run_duration_seconds_bucket{${labels},le="+Inf"} 1`);
  expect(lines).toContain('lockkeeper_pending_migrations{environment="ward \\"A\\"\\\\B",tier="development"} 1');
  expect(lines).toContain('lockkeeper_lock_held{environment="ward \\"A\\"\\\\B",tier="development"} 0');
  const told = lines.map((line) => line.split(/[{ ]/, 1)[0]);
  expect(told).toEqual(
    expect.arrayContaining([
      'lockkeeper_last_backup_age_seconds',
      'process_resident_memory_bytes',
      'lockkeeper_event_loop_delay_seconds',
    ]),
  );
  expect(told).not.toContain('lockkeeper_last_proven_age_seconds');
  const limited = server.token({ environments: [] });
  expect((await server.get('/metrics', { authorization: `Bearer ${limited}` })).status).toBe(200);
});

test('metrics of a token of one environment tell of no other', async () => {
  await using database = await testDatabase('sqlite');
  await server.add(database.url, twoTables, { name: 'lab' });
  const authorization = `Bearer ${server.token({ environments: ['lab'] })}`;
  const text = await (await server.get('/metrics', { authorization })).text();
  expect(text).toContain('environment="lab"');
  expect(text).not.toContain('ward');
});
