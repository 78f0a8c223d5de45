/** From a request to correct a history to what would be written and what its gate asks. A question: nothing is written. */
import { createHash } from 'node:crypto';
import type { RepairView } from '../../shared/contract/views.ts';
import type {
  RepairAction,
  RepairChange,
  RepairOffer,
  RepairOffers,
  RepairRequest,
} from '../../shared/model/repair.ts';
import { ProblemError } from '../../shared/problem.ts';
import { type Compared, keyOf } from '../engine/compare.ts';
import { type GateNeeds, gateNeeds } from '../engine/gate.ts';
import { historySha256 } from '../engine/plan.ts';
import type { CarriedFacts, Session } from '../engine/ports.ts';
import { gateFacts } from './approvals.ts';
import type { Context } from './context.ts';
import type { ConvertedFiles } from './convertFiles.ts';
import type { Explaining } from './explainChecksum.ts';
import { journalConflict } from './journalConflict.ts';
import { historyName } from './lockName.ts';
import { protectionOf } from './protection.ts';
import { formatTable, type OpenSource, readSource } from './readSource.ts';
import { readComparison } from './readStatus.ts';
import { missingAbility } from './repairAbility.ts';
import { changeOf, changesFor, type RowChange } from './repairChanges.ts';
import { resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';
import { viewGate } from './viewGate.ts';

/** What would be written, with everything that writing it needs. */
export interface PreparedRepair {
  readonly requests: readonly RepairRequest[];
  readonly changes: readonly RowChange[];
  readonly gate: GateNeeds;
  /** SHA-256 over target, history and changes. */
  readonly fingerprint: string;
  readonly historySha256: string;
  /** Identity of server and database. */
  readonly server: string;
  readonly database: string;
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  /** The entries come from another tool's history; null: a person corrects this one. */
  readonly moved: MovedHistory | null;
}

/** What moving a history needs beside the entries to write. */
export interface MovedHistory {
  /** The other tool's, which stays as it is. */
  readonly from: OpenSource;
  readonly fromHistorySha256: string;
  /** By history key: what the other history knows. */
  readonly facts: ReadonlyMap<string, CarriedFacts>;
  /** History keys that are applied afterwards: these and no others. */
  readonly applied: ReadonlySet<string>;
  /** New files that belong to it; null: they are there. */
  readonly files: ConvertedFiles | null;
}

/** @throws {ProblemError} when source or database cannot be read, or something asked for cannot be written */
export async function prepareRepair(
  context: Context,
  request: TargetRequest,
  requests: readonly RepairRequest[],
): Promise<PreparedRepair> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  return withSession(context, target, async (session) => {
    const { entries, comparison } = await readComparison(source, session);
    const held = protectionOf(context, target, session);
    if (held.problem !== null) throw new ProblemError(held.problem);
    const changes = await changesFor(context, comparison, requests, await explaining(target, source, session));
    const history = historySha256(entries);
    const { identity } = session;
    return {
      requests,
      changes,
      gate: {
        ...gateNeeds(held.name, held.protection, [], gateFacts(context, { kind: 'byRole' })),
        // What people write into a history by hand is explained there.
        reason: true,
        hazards: hazardsOf(requests, changes),
      },
      fingerprint: sha256([identity.id, formatTable(source.history.table), history, changes.map(factsOf)]),
      historySha256: history,
      server: identity.id,
      database: identity.database,
      target,
      source,
      moved: null,
    };
  });
}

/** What could be corrected, without deciding anything. */
export async function listRepairs(context: Context, request: TargetRequest): Promise<RepairOffers> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  return withSession(context, target, async (session) => {
    const { comparison } = await readComparison(source, session);
    const known = await explaining(target, source, session);
    const offers: RepairOffer[] = [];
    for (const row of comparison.rows)
      for (const action of offeredFor(row, known)) {
        const change = await changeOf(context, action, row, known);
        const problem = change.journalOnly ? null : missingAbility(source, action);
        offers.push({ ...viewChange(change), problem });
      }
    const historyTable = formatTable(source.history.table);
    return { environment: target.environment.name, tool: source.tool.id, historyTable, offers };
  });
}

function offeredFor(row: Compared, { latest }: Explaining): RepairAction[] {
  switch (row.status) {
    case 'changed':
      return ['updateChecksum'];
    case 'missing':
      return ['markReverted'];
    case 'failed':
    case 'interrupted':
      return ['markApplied', 'markReverted', 'removeFailed'];
    default:
      return journalConflict(row, latest) === null ? [] : ['markApplied', 'markReverted'];
  }
}

export const viewChange = ({ action, version, name, reason, difference }: RowChange): RepairChange => ({
  action,
  version,
  name,
  reason,
  difference,
});

const explaining = async (target: TargetDatabase, source: OpenSource, session: Session): Promise<Explaining> => ({
  target,
  source,
  latest: (await target.driver.journal.readLatest(session, historyName(session, source))) ?? [],
});

/** Codes to accept: a checksum taken over hides that the database has not got what the file says. */
function hazardsOf(requests: readonly RepairRequest[], changes: readonly RowChange[]): string[] {
  const kinds = new Set(changes.map((change) => change.difference?.kind));
  return [
    ...(requests.some((request) => request.action === 'updateChecksums') && changes.length > 0 ? ['allChecksums'] : []),
    ...(kinds.has('sql') ? ['changedSql'] : []),
    ...(kinds.has('unknown') ? ['unknownChange'] : []),
  ];
}

/** The codes in words, for those who are asked to accept them. */
export const repairHazards: Readonly<Record<string, string>> = {
  allChecksums: 'Every recorded checksum that differs is replaced; the differences are listed above.',
  changedSql: 'The SQL of a file differs from what was applied: the database does not have what the file says.',
  unknownChange: 'How a file differs from what was applied is not known.',
};

/** As windows and scripts read it. */
export const viewRepair = ({ fingerprint, target, database, source, changes, gate }: PreparedRepair): RepairView => ({
  fingerprint,
  environment: target.environment.name,
  database,
  historyTable: formatTable(source.history.table),
  changes: changes.map(viewChange),
  gate: viewGate(gate),
  hazards: repairHazards,
});

const factsOf = ({ action, row }: RowChange) => [action, keyOf(row), row.migration?.checksum ?? null];

export const sha256 = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
