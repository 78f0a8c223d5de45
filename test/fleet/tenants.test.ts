/** Tenants: databases or schemas of one server, named by a query. */
import { beforeEach, describe, expect, it } from 'vitest';
import { removeEnvironment } from '../../electron/services/environments.ts';
import { discoverTenants } from '../../electron/services/fleet/discoverTenants.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { ProblemError } from '../../shared/problem.ts';
import { unavailable } from '../servers/index.ts';
import { testBackend, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { fleetOf, place, statesOf, steps } from './place.ts';

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );
const at = (id: string) => ({ kind: 'environment', nameOrId: id }) as const;

describe.each(['postgres15', 'mariadb'] as const)('databases of %s', { timeout: 600_000 }, (engine) => {
  beforeEach((context) => {
    const reason = unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('are found by a query, have the login of their environment, and names of their own', async () => {
    await using test = await testBackend();
    const { context } = test.backend;
    const source = await writeFolder(test.folder, steps(2));
    const base = await place(test, engine, source, { name: 'server' });
    await using _ = base.database;
    const placed = [];
    await using stack = new AsyncDisposableStack();
    for (let number = 0; number < 3; number += 1) {
      const { database } = await place(test, engine, source, { name: `other ${number}` });
      placed.push(stack.use(database));
    }
    const names = placed.map(({ url }) => new URL(url).pathname.slice(1)).toSorted();
    const query = `select name from (${names.map((name) => `select '${name}' as name`).join(' union all ')}) as found`;
    const tenants = await discoverTenants(context, at('server'), query, 'database');
    expect(tenants.map(({ name }) => name).toSorted()).toEqual(names.map((name) => `server/${name}`));
    const fleet = fleetOf(test, tenants, { jobs: 3 });
    expect(await fleet.finished).toMatchObject({ outcome: 'succeeded' });
    for (const database of placed) expect(await database.query('select id from step_2')).toHaveLength(1);
    expect(await problemOf(base.database.query('select id from step_2'))).not.toBeNull();
    expect(await readStatus(context, at(`server/${names[0]}`))).toMatchObject({ pending: 0, database: names[0] });
    // Its run is found by what it is called, and nothing of it is stored that could be removed.
    const [run] = context.workspace.runs.list({ environment: `server/${names[0]}`, limit: 1 });
    expect(run).toMatchObject({ outcome: 'succeeded' });
    expect(await problemOf(removeEnvironment(context, `server/${names[0]}`))).toMatchObject({ code: 'usage.invalid' });
  });

  it('a query that writes, fails, or names nobody is refused', async () => {
    await using test = await testBackend();
    const { context } = test.backend;
    const base = await place(test, engine, await writeFolder(test.folder, steps(1)), { name: 'server' });
    await using _ = base.database;
    for (const query of ['create table written (id integer)', 'select 1 from nowhere', 'select 1 as name where 1 = 0'])
      expect(await problemOf(discoverTenants(context, at('server'), query, 'database')), query).toMatchObject({
        code: 'fleet.tenants',
      });
    expect(await problemOf(base.database.query('select * from written'))).not.toBeNull();
  });
});

describe('schemas of PostgreSQL', { timeout: 600_000 }, () => {
  beforeEach((context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('run side by side, each with a history of its own, whatever they are called', async () => {
    await using test = await testBackend();
    const { context } = test.backend;
    const source = await writeFolder(test.folder, steps(2));
    const base = await place(test, 'postgres15', source, { name: 'server' });
    await using _ = base.database;
    const schemas = ['tenant_a', 'Tenant "B"', 'c#d/e', 'f\\g h', 'tenant_i', 'tenant_j'];
    const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
    for (const name of schemas) await base.database.query(`create schema ${quoted(name)}`);
    const query = "select nspname from pg_namespace where nspname !~ '^pg_|information_schema|public'";
    const tenants = await discoverTenants(context, at('server'), query, 'schema');
    expect(tenants.map(({ name }) => name).toSorted()).toEqual(schemas.map((name) => `server#${name}`).toSorted());
    const fleet = fleetOf(test, tenants, { jobs: 6 });
    await fleet.finished;
    expect(Object.values(statesOf(test, fleet.id))).toEqual(schemas.map(() => 'succeeded'));
    for (const name of schemas) {
      expect(await base.database.query(`select id from ${quoted(name)}.step_2`)).toHaveLength(1);
      expect(await base.database.query(`select * from ${quoted(name)}.schema_migrations`)).toHaveLength(2);
    }
    expect(await base.database.query("select to_regclass('public.step_1') as found")).toEqual([{ found: null }]);
    expect(await problemOf(readStatus(context, at('server#nobody')))).toMatchObject({ code: 'connect.noDatabase' });
  });
});
