// Alembic and Django: what is read of their files, and what is told when their command does not do what was planned.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { trustPrograms } from '../../electron/services/trust.ts';
import { interpret } from '../../electron/tools/alembic/history.ts';
import { plainEntry } from '../../electron/tools/common/historyRows.ts';
import { assignmentsOf } from '../../electron/tools/python/assignments.ts';
import { adHoc, run, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { folderOf } from './folder.ts';
import { places, read, samples } from './reading.ts';

test('what is written out is read; what is computed is not', () => {
  const { file, classes, functions } = assignmentsOf(`\uFEFF"""revision = "no"\n"""\r
revision: str = 'a' "b"  # c
down_revision = ('x',
    "y")
depends_on = None
branch_labels = f"{revision}"
computed = first() + "a"
if True:
    revision = "inner"
def upgrade():
    down_revision = "inner"
async def downgrade(): pass
class Migration(migrations.Migration):
    dependencies = [("app", "0001"), migrations.swappable_dependency(settings.USER), *more]
    def f(self):
        dependencies = []
`);
  expect(Object.fromEntries(file)).toEqual({
    revision: 'ab',
    down_revision: ['x', 'y'],
    depends_on: null,
    branch_labels: undefined,
    computed: undefined,
  });
  expect(classes.get('Migration')?.get('dependencies')).toEqual([['app', '0001'], undefined, undefined]);
  expect([...functions]).toEqual(['upgrade', 'downgrade']);
});

const revision = (key: string, down: string): string =>
  `revision = "${key}"\ndown_revision = ${down}\n\ndef upgrade():\n    pass\n\ndef downgrade():\n    pass\n`;

test('Alembic: branches and merges are in order, heads mean all before them', async () => {
  await using tree = await folderOf({
    'versions/a_merge.py': revision('mm', '("l1", "r1")'),
    'versions/b_left.py': revision('l1', '"base1"'),
    'versions/c_right.py': revision('r1', '"base1"'),
    'versions/d_base.py': revision('base1', 'None'),
    'versions/helper.py': 'VALUE = 1\n',
    'versions/z_computed.py': `revision = make()\n${revision('zz', 'None').split('\n').slice(1).join('\n')}`,
    'versions/y_orphan.py': revision('yy', '"gone"'),
  });
  const { source, problems, notices } = await read('alembic', tree.path);
  const order = source.migrations.map(({ version }) => version).filter((version) => version !== 'yy');
  expect([order[0], order.at(-1)]).toEqual(['base1', 'mm']);
  expect(places(problems)).toEqual([
    'source.invalidMetadata versions/z_computed.py',
    'source.order versions/y_orphan.py',
  ]);
  expect(places(notices)).toEqual(['source.unknownName versions/helper.py']);
  const applied = interpret([plainEntry('l1')], source.migrations).map(({ historyKey }) => historyKey);
  expect(applied.sort()).toEqual(['base1', 'l1']);
});

test('Alembic: a project runs its own command; the revisions alone do not', async () => {
  const project = await read('alembic', path.join(samples, 'alembic'));
  const [first, second] = project.source.migrations;
  expect(second?.up).toMatchObject({
    kind: 'program',
    program: { command: { args: ['-m', 'alembic', '-c', 'alembic.ini', 'upgrade', '7c31d9e24a80'] } },
  });
  expect(first?.down).toMatchObject({ program: { command: { args: expect.arrayContaining(['downgrade', 'base']) } } });
  const alone = await read('alembic', path.join(samples, 'alembic/library'));
  expect(alone.source.migrations.every(({ notRunnable }) => notRunnable !== undefined)).toBe(true);
});

test('Django: dependencies across apps, squashed migrations, files that are none', async () => {
  const migration = (body: string) => `class Migration(migrations.Migration):\n    ${body}\n`;
  await using tree = await folderOf({
    'manage.py': '',
    'shop/migrations/__init__.py': '',
    'shop/migrations/0001_initial.py': migration(
      'dependencies = [("stock", "0001_initial"), ("auth", "0001_initial")]',
    ),
    'shop/migrations/0002_more.py': migration('dependencies = [("shop", "0001_initial"), ("shop", "0001_gone")]'),
    'stock/migrations/0001_initial.py': migration('initial = True'),
    'stock/migrations/0001_squashed.py': migration('replaces = [("stock", "0001_initial")]'),
    'stock/migrations/notes.py': 'x = 1\n',
  });
  const { source, problems } = await read('django', tree.path);
  const versions = source.migrations.map(({ version }) => version);
  expect(versions.indexOf('stock.0001_initial')).toBeLessThan(versions.indexOf('shop.0001_initial'));
  expect(places(problems)).toEqual([
    'source.invalidSections stock/migrations/notes.py',
    'source.order shop/migrations/0002_more.py',
  ]);
  expect(
    source.migrations.filter(({ notRunnable }) => notRunnable !== undefined).map(({ version }) => version),
  ).toEqual(['stock.0001_initial', 'stock.0001_squashed']);
});

test('a command that ends well without a trace in this database’s history fails the run, and says why', async (context) => {
  if (spawnSync('python3', ['--version']).status !== 0) return skipBecause(context, 'there is no python3');
  await using tree = await folderOf({
    'manage.py': 'print("Operations to perform")\n',
    'shop/migrations/0001_initial.py': 'class Migration(migrations.Migration):\n    initial = True\n',
  });
  await using database = await testDatabase('sqlite');
  await using desk = await testBackend();
  const target = adHoc(database.url, tree.path);
  const untrusted = await planMigration(desk.backend.context, target, { direction: 'up' });
  expect(untrusted.plan.problems).toMatchObject([{ code: 'gate.trust' }]);
  const digests = untrusted.trust?.programs.map(({ digest }) => digest) ?? [];
  await trustPrograms(desk.backend.context, target, digests);
  const { plan } = await planMigration(desk.backend.context, target, { direction: 'up' });
  expect(plan.steps[0]?.hazards.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['outsideJournal', 'notTransactional']),
  );
  expect(plan.steps[0]?.migration.metadata.notes).toContain('Operations to perform');
  const { run: ended } = await run(desk.backend, target);
  expect(ended).toMatchObject({ outcome: 'failed', problem: { code: 'run.verification' } });
  expect(ended.problem?.message).toContain('another database');
});
