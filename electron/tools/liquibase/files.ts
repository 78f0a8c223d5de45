/** Reads a project of Liquibase: from its first changelog to migrations in one order. */
import type { Migration } from '../../../shared/model/migration.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';
import { ChangelogReader } from './changelog.ts';
import { Untranslatable } from './changes/names.ts';
import { defaultTable } from './history.ts';
import { identityOf, type MigrationFacts, migrationsOf } from './migrations.ts';
import type { ChangeSet } from './model.ts';
import { Parameters } from './parameters.ts';
import { knownAnswer, otherwiseOf, questionOf } from './preConditions.ts';
import { type Project, projectAt } from './project.ts';
import { SourceFiles } from './sourceFiles.ts';

export async function readLiquibase(root: string, options: ReadOptions): Promise<ReadResult> {
  const findings = newFindings();
  const project = await projectAt(root, options, findings);
  const parameters = new Parameters(project.parameters);
  const files = new SourceFiles(root, project.search);
  const reader = new ChangelogReader({ files, parameters, project, dbms: project.dbms, findings });
  await readFirst(project, files, reader, findings);
  const table = options.historyTable?.name ?? project.historyTable ?? defaultTable;
  const facts: MigrationFacts = {
    dbms: project.dbms,
    contexts: project.contexts,
    labels: project.labels,
    parameterOf: (name) => parameters.valueOf(name, project.changelog ?? ''),
    historyTable: table,
    user: options.user ?? null,
  };
  for (const { node, file } of reader.preConditions)
    findings.problems.push(
      ...required(node.line, file, () => [
        knownAnswer(questionOf(node, { ...facts, target: { dbms: facts.dbms, quoting: 'LEGACY' } })),
        otherwiseOf(node, 'onFail'),
      ]),
    );
  const { kept, problems } = withoutDuplicates(reader.changeSets);
  findings.problems.push(...problems);
  const migrations: Migration[] = migrationsOf(kept, facts);
  noteDialect(project, kept, findings);
  const named = project.historyTable !== null || project.historySchema !== null;
  return {
    ...readResult(root, 'liquibase', migrations, findings),
    ...(named ? { historyTable: { schema: project.historySchema, name: project.historyTable ?? defaultTable } } : {}),
  };
}

async function readFirst(
  project: Project,
  files: SourceFiles,
  reader: ChangelogReader,
  findings: Findings,
): Promise<void> {
  if (project.changelog === null) return;
  try {
    const first = files.find(project.changelog);
    if (first !== null)
      return await reader.read(first, { contexts: [], labels: [], ignored: false, logicalPath: null });
    findings.problems.push(
      sourceProblem(
        'source.unreadable',
        `The changelog ${printable(project.changelog)} does not exist in this folder.`,
        'Correct changeLogFile in liquibase.properties, or name it with --set changeLogFile=PATH.',
        { path: project.changelog },
      ),
    );
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    findings.problems.push(thrown.problem);
  }
}

/** A changelog's own preconditions are asked before anything runs: those that need the database are not asked here. */
function required(line: number, path: string, ask: () => [boolean | null, string]): Problem[] {
  const refuse = (message: string, hint: string): Problem[] => [
    sourceProblem('source.unsupported', `${printable(path)} ${message}`, hint, { path, line }),
  ];
  try {
    const [known, onFail] = ask();
    if (known === true || onFail === 'warn') return [];
    if (known === false)
      return refuse('has preconditions that are not met.', 'Check that this is the right database for it.');
    return refuse(
      'has preconditions for the whole changelog that must be asked of the database.',
      'Move them to a change set, or run this changelog with Liquibase itself.',
    );
  } catch (thrown) {
    if (!(thrown instanceof Untranslatable)) throw thrown;
    return refuse(
      `has preconditions for the whole changelog: ${thrown.message}.`,
      'Move them to a change set, or run this changelog with Liquibase itself.',
    );
  }
}

/** Liquibase refuses the whole project for two change sets of one identity. */
function withoutDuplicates(sets: readonly ChangeSet[]): { kept: ChangeSet[]; problems: Problem[] } {
  const first = new Map<string, ChangeSet>();
  const problems: Problem[] = [];
  for (const set of sets) {
    const key = identityOf(set);
    const other = first.get(key);
    if (other === undefined) first.set(key, set);
    else
      problems.push(
        sourceProblem(
          'source.duplicateVersion',
          `Two change sets are called ${printable(key)}: here, and in ${printable(other.file)}, line ${other.line}.`,
          'Give one of them another id; keep the one that was already applied somewhere.',
          { path: set.file, line: set.line },
        ),
      );
  }
  return { kept: [...first.values()], problems };
}

/** Which of the two a server is taken for matters only where a changelog asks. */
function noteDialect({ dbms }: Project, sets: readonly ChangeSet[], findings: Findings): void {
  const asking = sets.find(
    (set) =>
      /mysql|mariadb/i.test(set.dbms ?? '') && !(/mysql/i.test(set.dbms ?? '') && /mariadb/i.test(set.dbms ?? '')),
  );
  if (asking === undefined || (dbms !== 'mysql' && dbms !== 'mariadb')) return;
  findings.notices.push(
    sourceProblem(
      'source.invalidMetadata',
      `Change sets ask whether this is MySQL or MariaDB; it is taken for ${dbms}.`,
      'The url in liquibase.properties decides (jdbc:mysql: or jdbc:mariadb:), or --set dbms=mysql.',
      { path: asking.file, line: asking.line },
    ),
  );
}
