/** A status report as one column of the matrix, and the rows that many columns share. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toColumn, withRun } from '../../electron/engine/matrix.ts';
import type { MigrationStatus } from '../../shared/model/history.ts';
import type { ListedMigration, MatrixColumn, MigrationList } from '../../shared/model/matrix.ts';
import { matrixCsv, matrixDocument } from '../../shared/model/matrixDocument.ts';
import { projectsOf, statusAt } from '../../shared/model/matrixRows.ts';
import type { Run } from '../../shared/model/run.ts';
import type { StatusMigration, StatusReport } from '../../shared/model/status.ts';

const migration = (version: string, status: MigrationStatus = 'applied', path: string | null = `${version}.sql`) =>
  ({
    version,
    historyKey: version,
    name: `step ${version}`,
    kind: 'versioned',
    status,
    reversible: true,
    appliedAt: null,
    appliedBy: null,
    durationMs: null,
    checksum: null,
    batch: null,
    path,
    metadata: {},
    program: null,
  }) satisfies StatusMigration;

const report = (migrations: readonly StatusMigration[], changed = 0): StatusReport =>
  ({
    tool: 'dbmate',
    source: '/shop/migrations',
    current: '2',
    pending: 1,
    counts: { changed },
    migrations,
    readAt: '2026-03-01T10:00:00.000Z',
  }) as unknown as StatusReport;

const columnOf = (id: string, of: StatusReport): { list: MigrationList; column: MatrixColumn } => {
  const { list, column } = toColumn(of);
  return { list, column: { environmentId: id, known: column, drift: null, problem: null, run: null } };
};

const rowsOf = (...reports: readonly StatusReport[]) => {
  const made = reports.map((one, index) => columnOf(String(index), one));
  const columns = made.map(({ column }) => column);
  return { columns, projects: projectsOf(new Map(made.map(({ list }) => [list.id, list])), columns) };
};

describe('a column', () => {
  it('has one character for each file, and entries without a file beside them', () => {
    const { list, column } = toColumn(
      report(
        [migration('1'), migration('1a', 'missing', null), migration('2', 'changed'), migration('3', 'pending')],
        1,
      ),
    );
    expect(list.migrations.map(({ version }) => version)).toEqual(['1', '2', '3']);
    expect(column.statuses).toBe('acp');
    expect(column.extra).toMatchObject([{ code: 'm', after: '1', migration: { version: '1a' } }]);
  });

  it('tells no changed files where its tool keeps no checksums', () => {
    expect(toColumn(report([migration('1')])).column.changed).toBeNull();
    expect(toColumn(report([{ ...migration('1'), checksum: 'abc' }], 2)).column.changed).toBe(2);
  });

  it('shares its list with folders of the same content, and with no others', () => {
    const here = toColumn(report([migration('1'), migration('2', 'pending')]));
    expect(toColumn({ ...report([migration('1', 'pending'), migration('2')]), source: '/other' }).list.id).toBe(
      here.list.id,
    );
    expect(toColumn(report([migration('1')])).list.id).not.toBe(here.list.id);
    expect(toColumn({ ...report([migration('1'), migration('2')]), tool: 'goose' }).list.id).not.toBe(here.list.id);
  });

  it('shows the steps of the run that goes on', () => {
    const { list, column } = toColumn(report([migration('1'), migration('2', 'pending'), migration('3', 'pending')]));
    const step = (version: string, state: string, outcome: string | null) => ({
      version,
      action: 'apply',
      state,
      outcome,
    });
    const run = { steps: [step('2', 'finished', 'succeeded'), step('3', 'running', null)] } as unknown as Run;
    expect(withRun(column, list, run).statuses).toBe('aa*');
    const back = { steps: [{ ...step('1', 'finished', 'succeeded'), action: 'revert' }] } as unknown as Run;
    expect(withRun(column, list, back).statuses).toBe('ppp');
    expect(withRun(column, list, { steps: [] } as unknown as Run)).toBe(column);
  });
});

describe('rows', () => {
  it('are the union, each where its own list has it', () => {
    const { projects, columns } = rowsOf(
      report([migration('1'), migration('2'), migration('3'), migration('5')]),
      report([migration('1'), migration('2'), migration('4')]),
      report([migration('1'), migration('1b', 'missing', null), migration('2'), migration('3'), migration('5')]),
    );
    expect(projects).toHaveLength(1);
    const [project] = projects;
    expect(project?.rows.map(({ version }) => version)).toEqual(['1', '1b', '2', '3', '4', '5']);
    const statuses = columns.map((column) => project?.rows.map((_, row) => project && statusAt(project, row, column)));
    expect(statuses).toEqual([
      ['applied', 'absent', 'applied', 'applied', 'absent', 'applied'],
      ['applied', 'absent', 'applied', 'absent', 'applied', 'absent'],
      ['applied', 'missing', 'applied', 'applied', 'absent', 'applied'],
    ]);
  });

  it('are apart where folders have little in common, or another tool', () => {
    const { projects } = rowsOf(
      report([migration('1'), migration('2')]),
      { ...report([migration('1'), migration('2')]), tool: 'goose' },
      report([{ ...migration('1'), name: 'another start' }, migration('7')]),
    );
    expect(projects.map(({ tool, rows }) => `${tool} ${rows.map(({ version }) => version).join(' ')}`).sort()).toEqual([
      'dbmate 1 2',
      'dbmate 1 7',
      'goose 1 2',
    ]);
    expect(rowsOf(report([migration('1'), migration('2')]), report([migration('8')])).projects).toHaveLength(2);
  });

  it('hold each migration once and in every list’s order, whatever the lists are', () => {
    const lists = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(lists, (made) => {
        const sorted = made.map((versions) => versions.toSorted((a, b) => a - b).map(String));
        const { projects } = rowsOf(...sorted.map((versions) => report(versions.map((one) => migration(one)))));
        for (const { rows, places } of projects) {
          const versions = rows.map(({ version }) => Number(version));
          expect(new Set(versions).size).toBe(versions.length);
          expect(versions).toEqual(versions.toSorted((a, b) => a - b));
          for (const of of places.values()) {
            const found = of.filter((place) => place >= 0);
            expect(found).toEqual(found.map((_, index) => index));
          }
        }
      }),
    );
  });

  it('say nothing of an environment that was never read', () => {
    const { projects } = rowsOf(report([migration('1')]));
    const unread: MatrixColumn = { environmentId: 'x', known: null, drift: null, problem: null, run: null };
    expect(projects[0] && statusAt(projects[0], 0, unread)).toBe('unread');
  });
});

describe('as CSV', () => {
  it('keeps a spreadsheet from taking names for formulas', () => {
    const hostile: ListedMigration = { version: '1', historyKey: '1', name: '=HYPERLINK("x")', kind: 'versioned' };
    const list: MigrationList = { id: 'l', tool: 'dbmate', migrations: [hostile] };
    const environment = {
      id: 'e',
      name: '@sum,1',
      tier: 'test',
      group: '+1',
      connection: { engine: 'sqlite' },
      source: null,
    };
    const { column } = columnOf('e', report([]));
    const known = column.known === null ? null : { ...column.known, list: 'l', statuses: 'a' };
    const csv = matrixCsv(
      matrixDocument([environment as never], new Map([['l', list]]), new Map([['e', { ...column, known }]])),
    );
    const lines = csv.split('\r\n');
    expect(lines[0]).toBe(`tool,version,name,"'@sum,1"`);
    expect(lines).toContain(",,group,'+1");
    expect(lines.at(-1)).toBe(`dbmate,1,"'=HYPERLINK(""x"")",applied`);
  });
});
