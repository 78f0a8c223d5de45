import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type RehearsalRequest, rehearse } from '../../electron/services/rehearse.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { Rehearsal } from '../../shared/model/rehearsal.ts';
import { ProblemError } from '../../shared/problem.ts';
import { shared } from '../servers/index.ts';
import type { TestBackend, TestEngine } from '../services/backend.ts';

export const rehearsed = (
  { backend }: TestBackend,
  target: TargetRequest,
  request: Partial<RehearsalRequest> = {},
): Promise<Rehearsal> =>
  rehearse(backend.context, {
    target,
    wanted: { direction: 'up' },
    copy: { kind: 'schema', tables: null },
    accept: [],
    limitMs: 600_000,
    signal: new AbortController().signal,
    // Other tests make copies on the same servers.
    watch: {
      enters: () => undefined,
      copied: () => undefined,
      tries: () => seen(backend.context.workspace.dataDirectory),
    },
    ...request,
  });

const made = new Set<string>();

function seen(dataDirectory: string): void {
  for (const file of readdirSync(path.join(dataDirectory, 'copies'))) made.add(path.parse(file).name);
}

export const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );

/** Databases and accounts made for these rehearsals that are left on the server. */
export async function leftovers(engine: TestEngine): Promise<readonly string[]> {
  if (engine === 'sqlite') return [];
  const server = await shared(engine);
  const sql =
    engine === 'mariadb'
      ? "select schema_name as name from information_schema.schemata where schema_name like 'lockkeeper\\_copy%' union all select user from mysql.user where user like 'lockkeeper\\_copy%'"
      : "select datname as name from pg_database where datname like 'lockkeeper\\_copy%' union all select rolname from pg_roles where rolname like 'lockkeeper\\_copy%'";
  if (made.size === 0) throw new Error('No copy was seen');
  return (await server.query(sql)).map((row) => String(row['name'])).filter((name) => made.has(name));
}
