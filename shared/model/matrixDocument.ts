/** The matrix as one value, for scripts, files and spreadsheets. */
import { csvLine, csvText } from '../csv.ts';
import type { Problem } from '../problem.ts';
import type { Environment, Tier } from './environment.ts';
import type { ListedMigration, MatrixColumn, MatrixLists, MatrixStatus } from './matrix.ts';
import { projectsOf, statusAt } from './matrixRows.ts';

export interface MatrixDocument {
  readonly environments: readonly MatrixEnvironment[];
  /** In the tool's order; those of one project together. */
  readonly migrations: readonly (ListedMigration & {
    readonly tool: string;
    /** Folders. */
    readonly sources: readonly string[];
  })[];
  /** For each migration the statuses in all environments, in their order. */
  readonly cells: readonly (readonly MatrixStatus[])[];
}

export interface MatrixEnvironment {
  readonly environment: string;
  readonly tier: Tier;
  readonly group: string;
  readonly engine: string;
  readonly source: string | null;
  readonly current: string | null;
  /** Null: not known. */
  readonly pending: number | null;
  /** Files that are not the applied ones; null: not known, or no checksums are kept. */
  readonly changed: number | null;
  /** Changes of the schema beside the migrations; null: not known, or nothing to compare with. */
  readonly drift: number | null;
  /** Of everything above; null: never read. */
  readonly readAt: string | null;
  /** Why it could not be read now: what is known is of `readAt`. */
  readonly problem: Problem | null;
}

export function matrixDocument(
  environments: readonly Environment[],
  lists: MatrixLists,
  columns: ReadonlyMap<string, MatrixColumn>,
): MatrixDocument {
  const ordered = environments.map(({ id }) => columns.get(id) ?? nothingKnown(id));
  const projects = projectsOf(lists, ordered);
  return {
    environments: environments.map((environment, index) => toEnvironment(environment, ordered[index])),
    migrations: projects.flatMap(({ tool, sources, rows }) => rows.map((row) => ({ ...row, tool, sources }))),
    cells: projects.flatMap((project) =>
      project.rows.map((_, row) => ordered.map((column) => statusAt(project, row, column))),
    ),
  };
}

export const nothingKnown = (environmentId: string): MatrixColumn => ({
  environmentId,
  known: null,
  drift: null,
  problem: null,
  run: null,
});

const toEnvironment = (environment: Environment, column: MatrixColumn | undefined): MatrixEnvironment => ({
  environment: environment.name,
  tier: environment.tier,
  group: environment.group,
  engine: environment.connection.engine,
  source: column?.known?.source ?? environment.source?.path ?? null,
  current: column?.known?.current ?? null,
  pending: column?.known?.pending ?? null,
  changed: column?.known?.changed ?? null,
  drift: column?.drift?.changes ?? null,
  readAt: column?.known?.readAt ?? null,
  problem: column?.problem ?? null,
});

const summaryRows: readonly (readonly [string, (environment: MatrixEnvironment) => string | number | null])[] = [
  ['group', ({ group }) => group],
  ['tier', ({ tier }) => tier],
  ['engine', ({ engine }) => engine],
  ['current', ({ current }) => current],
  ['pending', ({ pending }) => pending],
  ['drift', ({ drift }) => drift],
  ['changed', ({ changed }) => changed],
  ['readAt', ({ readAt }) => readAt],
  ['problem', ({ problem }) => problem?.message ?? null],
];

/** Environments as columns; facts about them above their migrations. */
export function matrixCsv({ environments, migrations, cells }: MatrixDocument): string {
  return csvText([
    csvLine(['tool', 'version', 'name', ...environments.map(({ environment }) => environment)]),
    ...summaryRows.map(([title, value]) => csvLine([null, null, title, ...environments.map(value)])),
    ...migrations.map(({ tool, version, name }, row) => csvLine([tool, version, name, ...(cells[row] ?? [])])),
  ]);
}
