/** Everything that tells what became of an interrupted step, read on a session that holds the lock. Writes nothing. */
import type { Step } from '../../shared/model/plan.ts';
import type { StepFinding } from '../../shared/model/reconcile.ts';
import type { Statement } from '../../shared/model/statement.ts';
import { type JournalRow, keptOfStatement, ServerFault, type Session } from '../engine/ports.ts';
import { type ClientEvidence, type ProbeNow, reconcile, type StepEvidence } from '../engine/reconcile.ts';
import type { KnownStep } from './findRun.ts';
import type { OpenSource } from './readSource.ts';
import { hidden } from './redact.ts';
import type { TargetDatabase } from './target.ts';

export interface Witnesses {
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  readonly session: Session;
  readonly known: KnownStep;
  readonly row: JournalRow | null;
  readonly journaled: boolean;
  readonly client: ClientEvidence | null;
  /** As its files are now; null: they are gone. */
  readonly step: Step | null;
  readonly inHistory: boolean;
  readonly stillRunning: boolean;
  readonly answer: StepEvidence['answer'];
}

export async function findOut(witnesses: Witnesses): Promise<StepFinding> {
  const { known, row } = witnesses;
  const open = row !== null && row.state !== 'done' && !witnesses.inHistory;
  const statements = open ? await readStatements(witnesses, row) : null;
  const evidence = await evidenceOf(witnesses, open ? row : null, statements);
  const { verdict, ...told } = reconcile(evidence);
  const at = 'at' in verdict ? verdict.at.statement : null;
  const statement = at === null ? undefined : statements?.get(at);
  return {
    step: known.index,
    version: known.version,
    name: known.name,
    action: known.action,
    statements: row?.statements ?? known.statements,
    verdict,
    ...told,
    statement:
      statement === undefined
        ? keptStatement(row, at)
        : { line: statement.line, text: statement.text.slice(0, keptOfStatement) },
    error: row?.error ?? null,
  };
}

const keptStatement = (row: JournalRow | null, at: number | null): StepFinding['statement'] =>
  row?.text == null || row.text === '' || row.statement !== at ? null : { line: row.line ?? 1, text: row.text };

async function evidenceOf(
  witnesses: Witnesses,
  row: JournalRow | null,
  statements: ReadonlyMap<number, Statement> | null,
): Promise<StepEvidence> {
  const { target, session, known, step } = witnesses;
  const announced = row === null ? undefined : statements?.get(row.statement ?? 0);
  const parts =
    announced === undefined ? null : (target.driver.sql.partsOf?.(announced.text, session.identity.product) ?? null);
  const text = row?.part == null ? announced?.text : parts?.[row.part];
  const sharing = row?.sending === 'together' ? sharesWith(statements, row.statement ?? 0, target, session) : [];
  return {
    row: witnesses.row,
    journaled: witnesses.journaled,
    transactional: known.transactional ?? step?.transactional ?? false,
    inHistory: witnesses.inHistory,
    client: witnesses.client,
    probe:
      text === undefined
        ? null
        : await probeNow(target, session, text, looksElsewhere(statements, row) ? null : (row?.probeBefore ?? null)),
    boundary: text === undefined ? null : boundaryOf(text, target),
    lockedUntil: row === null || announced === undefined ? null : lockedUntil(announced, row, statements, target),
    undoable: await target.driver.aftermath.isUndoable(session, sharing),
    parts: parts?.length ?? 1,
    answer: witnesses.answer,
    stillRunning: witnesses.stillRunning,
  };
}

/**
 * Null: it takes no locks, or nothing is changed while they are held. Those that run meanwhile are followed by what frees
 * them, or by the end.
 */
function lockedUntil(
  announced: Statement,
  row: JournalRow,
  statements: ReadonlyMap<number, Statement> | null,
  { driver: { sql } }: TargetDatabase,
): number | null {
  const locks = (statement: Statement) => sql.classify(statement.text).tableLocks;
  if (locks(announced) !== 'taken') return null;
  let changes = false;
  for (let index = announced.index + 1; ; index += 1) {
    const statement = statements?.get(index);
    if (statement === undefined) return changes || statements === null ? row.statements : null;
    if (locks(statement) === 'freed') return changes ? index + 1 : null;
    changes ||= !['query', 'session'].includes(sql.classify(statement.text).kind);
  }
}

/** Of the script, by their numbers, when it is the one that was run; else what the journal kept of the one announced. */
async function readStatements({ source, step }: Witnesses, row: JournalRow): Promise<ReadonlyMap<number, Statement>> {
  const found = new Map<number, Statement>();
  if (step !== null && step.script.kind !== 'program' && step.script.sha256 === row.sha256) {
    for await (const pieces of source.pieces.read(step.script))
      for (const piece of pieces) if (piece.kind === 'statement') found.set(piece.statement.index, piece.statement);
  } else if (isWhole(row.text) && row.statement !== null)
    found.set(row.statement, {
      index: row.statement,
      text: row.text,
      line: row.line ?? 1,
      column: 1,
      copiesData: false,
    });
  return found;
}

/** Neither cut off nor without its passwords. */
const isWhole = (kept: string | null): kept is string =>
  kept !== null && kept !== '' && kept.length < keptOfStatement && !kept.includes(hidden);

/** Tables of the statements that were to share a transaction from this one on. */
function sharesWith(
  statements: ReadonlyMap<number, Statement> | null,
  from: number,
  { driver: { sql } }: TargetDatabase,
  { capabilities }: Session,
): string[] {
  const tables = new Set<string>();
  for (let index = from; ; index += 1) {
    const statement = statements?.get(index);
    if (statement === undefined) break;
    const { implicitCommit, kind } = sql.classify(statement.text);
    if (implicitCommit || !(kind === 'data' || kind === 'query' || kind === 'session')) break;
    for (const table of sql.tablesOf(statement.text)) tables.add(table);
    if (capabilities.transactionalDdl || statement.batch !== undefined) break;
  }
  return [...tables];
}

function boundaryOf(text: string, { driver }: TargetDatabase): StepEvidence['boundary'] {
  const { kind, verb } = driver.sql.classify(text);
  if (kind !== 'transactionControl') return null;
  return /^(?:COMMIT|END|ROLLBACK|SET AUTOCOMMIT)/.test(verb) ? 'end' : 'begin';
}

/** What makes a name mean another object than it does in this session. */
const renaming = /^\W*(?:USE\b|SET\b.*\b(?:search_path|SCHEMA|ROLE|AUTHORIZATION)\b|SELECT\b.*\bset_config\b)/is;

/** Did the script, before what was announced, choose where names are looked up? */
const looksElsewhere = (statements: ReadonlyMap<number, Statement> | null, row: JournalRow | null): boolean =>
  [...(statements?.values() ?? [])].some(
    ({ index, text }) => index < (row?.statement ?? 0) && renaming.test(text.slice(0, 1_000)),
  );

/** `before`: null where nothing can be compared with it. */
async function probeNow(
  { driver }: TargetDatabase,
  session: Session,
  text: string,
  before: string | null,
): Promise<ProbeNow> {
  const probe = driver.control.probe(text);
  const leftovers = await driver.aftermath.leftovers(session, text);
  if (probe === null || before === null) {
    return { state: null, effect: null, repeatable: probe?.repeatable ?? false, leftovers };
  }
  const state = await ask(session, probe.state);
  // Of what is as it was its effect is not asked: it may have been there before.
  const effect = probe.effect === null || state === before ? null : (await ask(session, probe.effect)) === '1';
  return { state, effect, repeatable: probe.repeatable, leftovers };
}

/** What cannot be asked tells nothing: the object may not be there. */
async function ask(session: Session, expression: string): Promise<string | null> {
  try {
    const [row] = await session.query(`SELECT ${expression} AS answer`);
    const answer = row?.['answer'];
    return answer === null || answer === undefined ? null : String(answer);
  } catch (thrown) {
    if (!(thrown instanceof ServerFault) || thrown.kind === 'connectionLost') throw thrown;
    return null;
  }
}
