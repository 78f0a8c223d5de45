/** What a rehearsal says the schema will be is what the real run leaves, for every sample tree on every engine it is for. */
import { appendFile, cp, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerlessSha256 } from '../../electron/engine/compareSnapshots.ts';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readSource } from '../../electron/services/readSource.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { toolTables } from '../../electron/services/schemaSnapshots.ts';
import { resolveTarget, type TargetRequest, withSession } from '../../electron/services/target.ts';
import { trustCode } from '../../electron/services/trust.ts';
import { toolCases } from '../conformance/tools.ts';
import { unavailable } from '../servers/index.ts';
import { run, type TestBackend, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { problemOf, rehearsed } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const pairs = toolCases.flatMap(({ tool, sample }) =>
  (['sqlite', 'postgres15', 'mariadb'] as const).flatMap((engine) => {
    const folder = sample[engine === 'mariadb' ? 'mysql' : engine === 'sqlite' ? 'sqlite' : 'postgres'];
    return folder === undefined ? [] : [{ tool, engine, folder }];
  }),
);

describe.each(pairs)('$tool on $engine', ({ tool, engine, folder }) => {
  it('leaves the schema that its rehearsal told', { timeout: 300_000 }, async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    const path = tool === 'sqitch' && engine === 'mariadb' ? await withOwnRegistry(folder, database.url) : folder;
    const target: TargetRequest = { kind: 'adHoc', url: database.url, overrides: { path, tool } };
    const { plan, trust, gate } = await planMigration(test.backend.context, target, { direction: 'up' });
    const accept = [...(trust === null ? [] : [trustCode(trust)]), ...gate.hazards];
    const [problem] = plan.problems.filter(({ code }) => code !== 'gate.trust');
    if (problem !== undefined) skipBecause(context, `its plan cannot be run: ${problem.message}`);
    const commands = plan.steps.some(({ script }) => script.kind === 'program' && script.program.command !== undefined);
    // Its registry is a database or a file of its own.
    const elsewhere = tool === 'sqitch' && engine !== 'postgres15';
    if (commands || elsewhere) {
      const code = commands ? 'rehearsal.refused' : 'rehearsal.noCopy';
      expect(await problemOf(rehearsed(test, target, { accept }))).toMatchObject({ code });
      expect((await readStatus(test.backend.context, target)).counts.applied).toBe(0);
      return;
    }
    const found = await rehearsed(test, target, { accept });
    expect(found.problem).toBeNull();
    const real = await run(test.backend, target, { accept });
    expect(real.run.problem).toBeNull();
    expect(found.schemaSha256).toBe(await schemaOf(target));
  });
});

/** All databases of a server share sqitch's registry, other tests' too, unless the project names one of its own. */
async function withOwnRegistry(folder: string, url: string): Promise<string> {
  const copy = await mkdtemp(join(test.folder, 'sqitch-'));
  await cp(folder, copy, { recursive: true });
  const registry = `${decodeURIComponent(new URL(url).pathname.slice(1))}_registry`;
  await appendFile(join(copy, 'sqitch.conf'), `\n[engine "mysql"]\n\tregistry = ${registry}\n`);
  return copy;
}

async function schemaOf(request: TargetRequest): Promise<string> {
  const { context } = test.backend;
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  return withSession(context, target, async (session) =>
    ownerlessSha256(await target.driver.readSnapshot(session, toolTables(source))),
  );
}
