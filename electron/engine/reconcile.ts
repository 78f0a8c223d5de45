/** Evidence of an interrupted step → what became of it. Pure: nothing is assumed where nothing tells. */
import type { StatementPlace, Verdict } from '../../shared/model/reconcile.ts';
import type { JournalRow, Leftovers } from './ports.ts';
import { placeAfter } from './startAt.ts';

/** What the catalogue says now of the statement last announced. */
export interface ProbeNow {
  /** Null: there is no probe for its kind. */
  readonly state: string | null;
  /** Its expected effect is visible; null: only a changed state can tell. */
  readonly effect: boolean | null;
  readonly repeatable: boolean;
  /** What a failed build has left; null: nothing. */
  readonly leftovers: Leftovers | null;
}

export interface StepEvidence {
  /** The journal's row in the database; null: it has none of this step. */
  readonly row: JournalRow | null;
  /** The database's journal could be read. */
  readonly journaled: boolean;
  /** Effect, history row and journal row were one transaction. */
  readonly transactional: boolean;
  /** The tool's history is as the step would leave it. */
  readonly inHistory: boolean;
  /** What this computer's own journal was told last of it; null: nothing. */
  readonly client: ClientEvidence | null;
  /** Of the statement announced; null: its text is not at hand. */
  readonly probe: ProbeNow | null;
  /** What the statement announced is, of a script with transactions of its own. */
  readonly boundary: 'begin' | 'end' | null;
  /** A rollback undoes what the statements that share a transaction did. */
  readonly undoable: boolean;
  /** The statement announced takes locks on tables: the first after those that run while it has them, of which nothing is written. */
  readonly lockedUntil: number | null;
  /** Parts that the statement announced has; 1 where it is sent whole. */
  readonly parts: number;
  /** A person's word on the statement announced. */
  readonly answer: 'done' | 'notDone' | null;
  /** Somebody's session still runs it. */
  readonly stillRunning: boolean;
}

export interface ClientEvidence {
  readonly outcome: string | null;
  /** Announced last, which the server may never have got. */
  readonly place: StatementPlace | null;
  /** The last one that was sent alone and that the server told of as done; null: none. */
  readonly done: number | null;
}

export interface Finding {
  readonly verdict: Verdict;
  readonly evidence: string;
  readonly contradictions: readonly string[];
}

export function reconcile(evidence: StepEvidence): Finding {
  return { ...judge(evidence), contradictions: contradictions(evidence) };
}

type Judged = Pick<Finding, 'verdict' | 'evidence'>;

function judge(evidence: StepEvidence): Judged {
  const { row, inHistory, journaled } = evidence;
  if (row === null) return journaled ? withoutRow(evidence) : withoutJournal(evidence);
  if (row.state === 'done') return { verdict: { kind: 'done' }, evidence: 'The journal tells that it is complete.' };
  if (inHistory)
    return {
      verdict: { kind: 'done' },
      evidence: 'The history tells that it is complete: another program finished it.',
    };
  if (row.state === 'failed') return failed(row, evidence);
  const at = placeOf(row);
  if (evidence.stillRunning)
    return {
      verdict: { kind: 'stillRunning', at },
      evidence: 'The session that runs it is still at work on the server.',
    };
  return interrupted(row, at, evidence);
}

const placeOf = ({ statement, part }: JournalRow): StatementPlace => ({ statement: statement ?? 0, part });

/** Nothing of a step is sent before its row is there, but for steps that are one transaction with it. */
function withoutRow({ transactional, inHistory }: StepEvidence): Judged {
  if (inHistory) return { verdict: { kind: 'done' }, evidence: 'The history has it; the journal does not know it.' };
  return {
    verdict: { kind: 'notDone' },
    evidence: transactional
      ? 'It is one transaction with its row in the journal, and that row is not there.'
      : 'It was not begun: the journal has no row of it.',
  };
}

function withoutJournal({ transactional, inHistory, client }: StepEvidence): Judged {
  if (inHistory) return { verdict: { kind: 'done' }, evidence: 'The history tells that it is complete.' };
  if (transactional)
    return {
      verdict: { kind: 'notDone' },
      evidence: 'It is one transaction with its history row, which is not there.',
    };
  if (client === null) return { verdict: { kind: 'notDone' }, evidence: 'It was not begun.' };
  return {
    verdict: { kind: 'unknown', at: client.place ?? { statement: 0, part: null }, before: null, now: null },
    evidence: 'There is no journal in the database; this computer’s own tells only what was begun.',
  };
}

/**
 * The statement that failed was undone; a build in several transactions leaves what it had made. What failed may also
 * have come after the one announced: a cancellation, or the announcement of the next.
 */
function failed(row: JournalRow, evidence: StepEvidence): Judged {
  const { probe, undoable, answer, client, lockedUntil } = evidence;
  const at = placeOf(row);
  const mayHaveLocked = client === null || isTold(row.statement, client) || answer !== null;
  if (row.sending === 'alone' && lockedUntil !== null && mayHaveLocked) return interrupted(row, at, evidence);
  if (row.sending === 'together' && !undoable && (answer !== null || row.note === null))
    return interrupted(row, at, evidence);
  const cleanup = probe?.leftovers?.cleanup ?? [];
  if (row.sending === 'alone' && isDone(row, evidence))
    return {
      verdict: upTo(placeAfter(at, evidence.parts), { batch: null }, cleanup),
      evidence: 'It failed after that statement, which is done. The journal has the error.',
    };
  const verdict = upTo(at, row, cleanup);
  return {
    verdict,
    evidence:
      verdict.kind === 'notDone'
        ? 'It failed, and nothing of it remained.'
        : 'It failed there; what was before is done. The journal has the error.',
  };
}

/** Of what was sent alone: this computer was told so, or the catalogue tells. */
function isDone({ statement, probeBefore }: JournalRow, { client, probe, boundary }: StepEvidence): boolean {
  if (probe?.leftovers != null) return probe.leftovers.afterwards === 'done';
  if (boundary !== null) return boundary === 'end';
  return isTold(statement, client) || (probe?.effect === true && probe.state !== probeBefore);
}

const isTold = (statement: number | null, client: ClientEvidence | null): boolean =>
  client?.done != null && client.done === statement;

function interrupted(row: JournalRow, at: StatementPlace, evidence: StepEvidence): Judged {
  const left = evidence.probe?.leftovers ?? null;
  const { lockedUntil } = evidence;
  const following = lockedUntil === null ? placeAfter(at, evidence.parts) : { statement: lockedUntil, part: null };
  const before = (told: string): Judged => ({ verdict: upTo(at, row, left?.cleanup ?? []), evidence: told });
  const after = (told: string): Judged => ({
    verdict: upTo(following, { batch: null }, left?.cleanup ?? []),
    evidence: told,
  });
  if (evidence.answer !== null) {
    const told = `A person said that statement ${at.statement + 1} ${evidence.answer === 'done' ? 'is done' : 'is not done'}.`;
    return evidence.answer === 'done' ? after(told) : before(told);
  }
  if (left !== null)
    return left.afterwards === 'done'
      ? after('It was begun and can only be finished: that is done first.')
      : before('It was begun and is half-made: what is left is removed, and it is sent again.');
  if (row.sending === 'together' && row.note !== null) return before('An earlier look settled it up to there.');
  if (row.sending === 'together' && (evidence.undoable || at.statement >= row.statements))
    return before('The statement is committed together with the journal’s word of it, which is not there.');
  if (lockedUntil !== null)
    return {
      verdict: { kind: 'unknown', at, before: null, now: null, until: lockedUntil },
      evidence: 'While a script holds locks on tables nothing can be written of its statements.',
    };
  if (evidence.boundary === 'begin') return before('What it began was not committed.');
  if (evidence.boundary === 'end') return after('Its announcement could be read only if it was committed.');
  return byProbe(row, at, evidence, { before, after });
}

function byProbe(
  row: JournalRow,
  at: StatementPlace,
  { probe, undoable, client }: StepEvidence,
  { before, after }: { readonly before: (told: string) => Judged; readonly after: (told: string) => Judged },
): Judged {
  const unknown = (told: string): Judged => ({
    verdict: { kind: 'unknown', at, before: row.probeBefore, now: probe?.state ?? null },
    evidence: told,
  });
  if (probe?.repeatable === true) return before('Running it again changes nothing that it has changed already.');
  if (!undoable && row.sending === 'together')
    return unknown('It changes rows of a table without transactions: a part of them may be changed.');
  if (probe === null || row.probeBefore === null)
    return isTold(row.statement, client)
      ? after('The server told this computer that it was done.')
      : unknown('Nothing in the catalogue tells whether a statement of this kind took effect.');
  if (probe.state === row.probeBefore) return before('What it changes is as it was before it.');
  if (row.probeExpected !== null && probe.state === row.probeExpected)
    return after('What it changes is as a rehearsal left it.');
  if (probe.effect === true) return after('Its effect is there.');
  return unknown('What it changes is neither as it was before, nor as it should be after it.');
}

const upTo = (at: StatementPlace, { batch }: Pick<JournalRow, 'batch'>, cleanup: readonly string[]): Verdict =>
  at.statement === 0 && (at.part ?? 0) === 0 && batch === null && cleanup.length === 0
    ? { kind: 'notDone' }
    : { kind: 'partly', at, batch, cleanup };

/** A server that was restored, or lost, knows less than this computer. */
function contradictions({ row, client, inHistory, journaled }: StepEvidence): string[] {
  const told: string[] = [];
  const done = client?.done ?? null;
  if (client?.outcome === 'succeeded' && row?.state !== 'done' && journaled)
    told.push(
      'This computer’s own journal tells that it was completed, and the database does not know of it: the database was restored to an earlier state, or its journal was removed.',
    );
  else if (journaled && done !== null && (row === null || (row.state === 'intent' && (row.statement ?? 0) < done)))
    told.push(
      `This computer’s own journal tells that statement ${done + 1} was completed, and the database knows ${row === null ? 'nothing of it' : `of statement ${(row.statement ?? 0) + 1} only`}: it was restored to an earlier state.`,
    );
  if (row?.state === 'done' && !inHistory)
    told.push('The journal tells that it is complete, and the tool’s history does not have it so.');
  return told;
}
