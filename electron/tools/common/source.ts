/** Puts a reader's findings together. */
import { resolve } from 'node:path';
import type { Migration, MigrationSource } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { ReadResult } from '../tool.ts';
import { sourceProblem } from './problems.ts';

/** What was found while reading, beside migrations. */
export interface Findings {
  readonly problems: Problem[];
  readonly notices: Problem[];
}

export const newFindings = (): Findings => ({ problems: [], notices: [] });

export function readResult(
  root: string,
  tool: string,
  migrations: readonly Migration[],
  findings: Findings,
  told: Pick<MigrationSource, 'applicationVersion' | 'applications'> = { applicationVersion: null, applications: [] },
): ReadResult {
  const problems = [...findings.problems];
  if (migrations.length === 0 && problems.length === 0) {
    problems.push(
      sourceProblem(
        'source.empty',
        `${root} holds no migrations of ${tool}.`,
        'Choose the folder that holds the migration files, or name another tool with --tool.',
        { path: root },
      ),
    );
  }
  return { source: { root: resolve(root), tool, migrations, ...told }, problems, notices: findings.notices };
}
