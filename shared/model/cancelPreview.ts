/** What cancelling a run would undo and what would stay, said before it is done. Pure. */
import type { Run, RunPhase, RunStep } from './run.ts';

export interface CancelPreview {
  /** Still something to cancel. */
  readonly possible: boolean;
  /** Of the statement or phase that runs now. */
  readonly undone: string;
  /** Of what was done before it. */
  readonly kept: string;
}

export function cancelPreview(run: Run): CancelPreview {
  if (run.outcome !== null)
    return { possible: false, undone: 'The run has ended.', kept: 'Nothing is left to be cancelled.' };
  const step = run.steps.find(({ state }) => state === 'running');
  if (step === undefined || run.phase !== 'migrate')
    return { possible: true, undone: phaseUndone(run.phase), kept: keptBefore(run) };
  return { possible: true, undone: stepUndone(step), kept: [keptOf(step), keptBefore(run)].filter(Boolean).join(' ') };
}

function phaseUndone(phase: RunPhase | null): string {
  switch (phase) {
    case 'hooksBefore':
      return 'The hook that runs is ended, and no migration begins. Nothing in the database is changed.';
    case 'hooksAfter':
      return 'The run has ended; its hooks are run to their ends.';
    case 'backup':
    case 'check':
      return 'The backup that is being taken or checked is given up, and what is unfinished of it removed. Nothing in the database is changed.';
    case 'prove':
      return 'The copy that the backup was restored to is removed; the backup stays. Nothing in the database is changed.';
    case 'copy':
    case 'rehearse':
    case 'back':
      return 'The copy that the plan is tried on is removed. Nothing in the database is changed.';
    case 'restore':
      return 'What was restored so far is removed; the live database was not touched.';
    case 'swap':
      return 'The exchange of the databases is not interrupted: it is completed, or undone as a whole.';
    case 'verify':
      return 'The verification stops; its own effects are rolled back in any case.';
    case 'migrate':
      return 'No migration is being run now; the next one is not begun.';
    case 'report':
      return 'Nothing: the run is only being recorded.';
    case 'prepare':
    case 'lock':
    case null:
      return 'Nothing was changed yet.';
  }
}

function stepUndone(step: RunStep): string {
  const what = step.action === 'revert' ? `Rolling back ${step.version}` : `Migration ${step.version}`;
  if (step.transactional) return `${what} is one transaction: all of it is rolled back.`;
  return `${what} is no single transaction: ${statementUndone(step)}`;
}

/** By the verb of the running statement; the words hold for every engine that has such a statement. */
function statementUndone({ verb, line, batch }: RunStep): string {
  const where = line === null ? 'the running statement' : `the statement at line ${line}`;
  if (verb === null) return 'it stops before its next statement.';
  if (batch !== null) return `${where} stops; its current batch is rolled back, ${batch.rows} rows stay changed.`;
  if (/^CREATE .*INDEX CONCURRENTLY$/.test(verb))
    return `${where} stops and leaves an invalid index, which must be dropped before it is built again.`;
  if (/^REINDEX\b.*CONCURRENTLY$/.test(verb))
    return `${where} stops; the old index stays in use, and an invalid copy is left that must be dropped.`;
  if (/^DROP INDEX CONCURRENTLY$/.test(verb))
    return `${where} stops and may leave the index invalid: then it must be dropped again.`;
  if (/^(?:ALTER|CREATE|DROP|RENAME|TRUNCATE|OPTIMIZE|REFRESH|CLUSTER|VACUUM)\b/.test(verb))
    return `${where} (${verb}) is undone by the server, which takes little time.`;
  if (/^(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|LOAD|COPY)\b/.test(verb))
    return `${where} (${verb}) is rolled back, together with rows changed in its transaction; that may take as long as it has run.`;
  return `${where} (${verb}) is stopped.`;
}

function keptOf({ transactional, done, statements }: RunStep): string {
  if (transactional || done === 0) return '';
  return `What ${done} of its ${statements} statements have committed stays.`;
}

function keptBefore({ steps, backup }: Run): string {
  const done = steps.filter(({ outcome }) => outcome === 'succeeded');
  const complete =
    done.length === 0
      ? 'No migration of this run was completed before.'
      : `${done.length === 1 ? 'One migration' : `${done.length} migrations`} of this run ${done.length === 1 ? 'is' : 'are'} complete and ${done.length === 1 ? 'stays' : 'stay'}.`;
  return backup === null ? complete : `${complete} The backup stays.`;
}
