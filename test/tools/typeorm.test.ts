// TypeORM's classes as they are read, and what they do through the lent session.
import { describe, expect, test } from 'vitest';
import { classesIn } from '../../electron/tools/programs/classes.ts';
import { deskFor, engineOf, projectWith } from './project.ts';
import { places, read } from './reading.ts';

const migration = (name: string, body = '', fields = ''): string =>
  `import { MigrationInterface, QueryRunner } from 'typeorm';
export class ${name} implements MigrationInterface {
  ${fields}
  public async up(queryRunner: QueryRunner): Promise<void> { ${body} }
  public async down(queryRunner: QueryRunner): Promise<void> {}
}
`;

test('classes with their fields and methods, whatever is around them', () => {
  const text = `
    /* class Not {} */ const a = "class Nor { up() {} }";
    export default class extends Base { readonly name: string = 'A1700000000000'; transaction = false as const; async up(q) { const name = 'x'; class Inner { down() {} } } }
    class B<T> implements C, D { name = \`b\`; down = async () => {}; 'quoted'() {} }`;
  expect(classesIn(text).map(({ name, methods, fields }) => [name, [...methods], Object.fromEntries(fields)])).toEqual([
    [null, ['up'], { name: 'A1700000000000', transaction: false }],
    ['Inner', ['down'], {}],
    ['B', ['down'], { name: 'b' }],
  ]);
});

describe('files', () => {
  test('in order of the times that the names of classes end in', async () => {
    const root = await projectWith({
      'migrations/a.ts': migration('Late1700000000002'),
      'migrations/b.ts': migration('Whatever', '', "name = 'Early1700000000001'; transaction = false"),
      'migrations/index.ts': "export * from './a';",
      'data-source.ts': "new DataSource({ migrationsTableName: 'done', migrationsTransactionMode: 'each' });",
    });
    const { source, problems, notices, historyTable } = await read('typeorm', root, 'sqlite');
    expect(source.migrations.map(({ historyKey, transaction }) => [historyKey, transaction])).toEqual([
      ['Early1700000000001', { up: false, down: true }],
      ['Late1700000000002', { up: true, down: true }],
    ]);
    expect([problems, places(notices), historyTable]).toEqual([
      [],
      ['source.unknownName index.ts'],
      { schema: null, name: 'done' },
    ]);
  });

  test('a name without its time, two in one file, one name twice', async () => {
    const root = await projectWith({
      'migrations/a.ts': migration('WithoutTime'),
      'migrations/b.ts': migration('A1700000000001') + migration('B1700000000002').replace(/^import.*\n/, ''),
      'migrations/c.js': 'module.exports = class A1700000000001 { async up() {} async down() {} };',
    });
    expect(places((await read('typeorm', root, 'sqlite')).problems)).toEqual([
      'source.unknownName a.ts 2',
      'source.unsupported b.ts 7',
      'source.duplicateVersion c.js',
    ]);
  });
});

describe('running', () => {
  test('a transaction of its own inside of ours', async () => {
    const body = `
      await queryRunner.query('CREATE TABLE t (a integer)');
      await queryRunner.startTransaction();
      await queryRunner.query('INSERT INTO t VALUES (?)', [1]);
      await queryRunner.rollbackTransaction();`;
    const desk = await deskFor('typeorm', await projectWith({ 'migrations/a.ts': migration('A1700000000001', body) }));
    expect(await desk.perform('A1700000000001')).toMatchObject({ outcome: 'succeeded', problem: null });
    expect(await desk.session.query('SELECT a FROM t')).toEqual([]);
  });

  test.each([
    ['ends the transaction it is a part of', 'await queryRunner.rollbackTransaction();', 'rolled back'],
    ['throws', "throw new Error('no');", 'no'],
    ['is refused by the server', "await queryRunner.query('SELECT * FROM nowhere');", 'nowhere'],
  ])('one that %s leaves nothing behind', async (_, body, words) => {
    const all = `await queryRunner.query('CREATE TABLE t (a integer)');\n${body}`;
    const desk = await deskFor('typeorm', await projectWith({ 'migrations/a.ts': migration('A1700000000001', all) }));
    const { outcome, problem } = await desk.perform('A1700000000001');
    expect([outcome, JSON.stringify(problem)]).toEqual(['failed', expect.stringContaining(words)]);
    expect(await desk.session.columns({ schema: null, name: 't' })).toBeNull();
  });

  test.each(['postgres', 'mysql'] as const)('tables are read and changed by its query runner on %s', async (id) => {
    const engine = engineOf(id);
    if (engine.missing() !== undefined) return;
    const body = `
      const { Table } = await import('typeorm');
      await queryRunner.createTable(new Table({ name: 't', columns: [{ name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' }, { name: 'word', type: 'varchar', length: '20', default: "'x'", isUnique: true }] }));
      await queryRunner.manager.query("INSERT INTO t (word) VALUES ('a')");
      const changed = (await queryRunner.getTable('t')).findColumnByName('word').clone();
      changed.isNullable = true;
      await queryRunner.changeColumn('t', 'word', changed);
      const table = await queryRunner.getTable('t');
      const [row] = await queryRunner.query('SELECT * FROM t');
      const seen = [table.columns.map(({ name, isNullable }) => [name, isNullable]), row.word, row.id];
      if (JSON.stringify(seen) !== JSON.stringify([[['id', false], ['word', true]], 'a', 1])) throw new Error(JSON.stringify(seen));`;
    const root = await projectWith({ 'migrations/a.ts': migration('A1700000000001', body) });
    const desk = await deskFor('typeorm', root, engine);
    expect(await desk.perform('A1700000000001')).toMatchObject({ outcome: 'succeeded', problem: null });
  });
});
