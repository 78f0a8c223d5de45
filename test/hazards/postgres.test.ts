// Rules are judged by the server: each statement runs on tables with rows, and what was said of it must be what it did.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFacts } from '../../electron/databases/postgres/facts.ts';
import type { CatalogueFacts } from '../../electron/engine/hazards.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import { openUrl } from '../databases/postgres/support.ts';
import { postgres15, postgres18, type TestDatabase, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { judge } from './postgresJudge.ts';
import { schema } from './postgresSchema.ts';
import { connected, type Observed, observe } from './postgresServer.ts';
import { statements } from './postgresStatements.ts';

const strong = ['SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'];

/** Tables that messages name, with the lock of that sentence. */
function claimedLocks(hazards: readonly Hazard[], tables: readonly string[]): Map<string, string> {
  const claimed = new Map<string, string>();
  for (const { code, message } of hazards) {
    if (code === 'severalLocks' || code === 'mixedStatements') continue;
    for (const sentence of message.split(/(?<=[.;]) /)) {
      const mode = /under ((?:ACCESS|SHARE|ROW|UPDATE|EXCLUSIVE)(?: (?:ACCESS|SHARE|ROW|UPDATE|EXCLUSIVE))*)/.exec(
        sentence,
      )?.[1];
      if (mode === undefined || !strong.includes(mode)) continue;
      const before = sentence.slice(0, sentence.indexOf(' under '));
      const named = tables.filter((table) => new RegExp(`\\b${table}\\b`).test(before));
      const partitions = before.includes('readings with all its partitions') ? ['readings_2020'] : [];
      for (const table of [...named, ...partitions])
        if (strong.indexOf(mode) >= strong.indexOf(claimed.get(table) ?? '')) claimed.set(table, mode);
    }
  }
  return claimed;
}

/** Compared in both directions: nothing is kept back, and nothing is invented. */
function compare(hazards: readonly Hazard[], observed: Observed, tables: readonly string[]): void {
  const held = [...observed.locks].filter(([, mode]) => strong.includes(mode));
  expect(Object.fromEntries(claimedLocks(hazards, tables)), 'locks').toEqual(Object.fromEntries(held));
  const empties = hazards.some(({ message }) => message.startsWith('Empties'));
  const says = (category: string) => hazards.some((hazard) => hazard.category === category);
  if (!empties) expect(says('rewritesTable'), 'rewrites').toBe(observed.rewritten.length > 0);
  if (!says('rewritesTable')) {
    expect(says('scansTable'), 'scans').toBe(observed.scanned);
    const builds = hazards.some(({ message }) => /Builds (?:an index|all indexes)/.test(message));
    if (!empties) expect(builds, 'builds an index').toBe(observed.builtIndex);
  }
}

describe.each([
  ['15', 'postgres15', postgres15],
  ['18', 'postgres18', postgres18],
] as const)('rules for PostgreSQL %s', (_version, kind, server) => {
  const reason = unavailable(kind);
  let database: TestDatabase | undefined;
  const facts = new Map<string, CatalogueFacts>();
  const tables: string[] = [];

  beforeAll(async () => {
    if (reason !== undefined) return;
    database = await (await server()).createDatabase();
    await using client = await connected(database.url);
    await client.query(schema);
    for (const zone of ['UTC', 'Asia/Colombo']) {
      await client.query(`ALTER DATABASE "${database.name}" SET timezone = '${zone}'`);
      await using session = await openUrl(database.url);
      facts.set(zone, await readFacts(session, 'all'));
    }
    tables.push(...[...(facts.get('UTC')?.tables.keys() ?? [])].map((name) => name.replace('public.', '')));
  });
  afterAll(async () => database?.[Symbol.asyncDispose]());

  describe.each(['UTC', 'Asia/Colombo'])('in the time zone %s', (zone) => {
    it.for(zone === 'UTC' ? statements : statements.filter((text) => /TYPE timestamp/.test(text)))(
      '%s',
      async (text, context) => {
        if (reason !== undefined) return skipBecause(context, reason);
        const known = facts.get(zone);
        if (known === undefined || database === undefined) throw new Error('Nothing was read');
        await using client = await connected(database.url);
        await client.query(`SET timezone = '${zone}'`);
        compare(await judge(text, known), await observe(client, text), tables);
      },
    );
  });
});
