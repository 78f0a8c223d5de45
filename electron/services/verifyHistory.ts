/** Compares files, history and journal with each other. A question: nothing is written. */
import { describeChange } from '../../shared/model/describeSchema.ts';
import type { DriftReport } from '../../shared/model/snapshot.ts';
import type { Finding, VerifyReport } from '../../shared/model/verification.ts';
import { type Compared, isApplied, versionOf } from '../engine/compare.ts';
import type { JournalLatest } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { differenceOf, type Explaining } from './explainChecksum.ts';
import { driftOf } from './findDrift.ts';
import { journalConflict } from './journalConflict.ts';
import { historyName, lockName } from './lockName.ts';
import { formatTable, ownerOf, readSource } from './readSource.ts';
import { readComparison } from './readStatus.ts';
import { resolveTarget, type TargetRequest, withSession } from './target.ts';

/** @throws {ProblemError} when the source cannot be read or the database not reached */
export async function verifyHistory(
  context: Context,
  request: TargetRequest,
  { schema }: { readonly schema: boolean } = { schema: false },
): Promise<VerifyReport> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  return withSession(context, target, async (session) => {
    const { comparison } = await readComparison(source, session);
    const historyTable = formatTable(source.history.table);
    const latest = await target.driver.journal.readLatest(session, historyName(session, source));
    const { held } = await session.lockInfo(lockName(session, source));
    const explaining: Explaining = { target, source, latest: latest ?? [] };
    const findings: Finding[] = source.problems.map((problem) => ({
      kind: 'source',
      version: ownerOf(source, problem)?.version ?? null,
      path: problem.path ?? null,
      detail: problem.message,
    }));
    for (const row of comparison.rows) findings.push(...(await findingsOf(context, row, explaining, held)));
    if (schema) findings.push(...driftFindings(await driftOf(context, target, source, session)));
    return {
      environment: target.environment.name,
      tool: source.tool.id,
      historyTable,
      findings,
      verified: comparison.rows.filter((row) => isApplied(row) && row.migration !== null).length,
      journaled: latest !== null,
      readAt: new Date(context.clock.now()).toISOString(),
    };
  });
}

const driftFindings = ({ changes }: DriftReport): Finding[] =>
  changes.map((change) => ({ kind: 'drift', version: null, path: null, detail: `${describeChange(change)}.` }));

async function findingsOf(
  context: Context,
  row: Compared,
  explaining: Explaining,
  runGoesOn: boolean,
): Promise<Finding[]> {
  const version = versionOf(row);
  const about = { version, path: row.migration?.up.path ?? null };
  switch (row.status) {
    case 'changed': {
      const { explanation } = await differenceOf(context, explaining, row);
      return [{ kind: 'changed', ...about, detail: `Its file is not the one that was applied. ${explanation}` }];
    }
    case 'missing':
      return [{ kind: 'missing', ...about, detail: 'It is in the history, but its file is missing.' }];
    case 'outOfOrder':
      return [{ kind: 'outOfOrder', ...about, detail: 'It is pending, yet older than the newest applied one.' }];
    case 'failed':
      return [{ kind: 'failed', ...about, detail: failureOf(row) }];
    case 'interrupted':
      return runGoesOn
        ? []
        : [{ kind: 'interrupted', ...about, detail: 'The history tells that it was begun, and nothing of its end.' }];
    default:
      return journalFinding(row, explaining.latest, runGoesOn, about);
  }
}

const failureOf = ({ entry }: Compared): string =>
  `The history tells that it failed${entry?.message == null ? '.' : `: ${entry.message}`}`;

function journalFinding(
  row: Compared,
  latest: readonly JournalLatest[],
  runGoesOn: boolean,
  about: Pick<Finding, 'version' | 'path'>,
): Finding[] {
  const conflict = journalConflict(row, latest);
  if (conflict === null || (conflict.kind === 'interrupted' && runGoesOn)) return [];
  return [{ ...conflict, ...about }];
}
