/** From a request to move a history into another tool's table to what would be written, and what its gate asks. A question. */
import type { AdoptView } from '../../shared/contract/views.ts';
import type { AdoptedRow, AdoptedSide, AdoptRequest } from '../../shared/model/adoption.ts';
import type { DifferenceKind } from '../../shared/model/repair.ts';
import { ProblemError, raise } from '../../shared/problem.ts';
import { type Compared, type Comparison, isEffective, keyOf, versionOf } from '../engine/compare.ts';
import { gateNeeds } from '../engine/gate.ts';
import { historySha256 } from '../engine/plan.ts';
import type { CarriedFacts, Session } from '../engine/ports.ts';
import { adoptHazards, hazardsOfMove, notCarried } from './adoptFacts.ts';
import { type AppliedMatch, matchApplied, requireAgreement, requirePosition } from './adoptRules.ts';
import { gateFacts } from './approvals.ts';
import { differenceOfFiles } from './compareFiles.ts';
import type { Context } from './context.ts';
import { type ConvertedFiles, convertFiles, readConverted } from './convertFiles.ts';
import { historyName } from './lockName.ts';
import { type PreparedRepair, sha256 } from './prepareRepair.ts';
import { protectionOf } from './protection.ts';
import { formatTable, type OpenSource, openedSource, readSource } from './readSource.ts';
import { readComparison } from './readStatus.ts';
import { requireAbility } from './repairAbility.ts';
import type { RowChange } from './repairChanges.ts';
import { resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';
import { viewGate } from './viewGate.ts';

/** What would be written, with what a person is shown of it. */
export interface PreparedAdoption {
  readonly repair: PreparedRepair;
  readonly from: OpenSource;
  readonly rows: readonly AdoptedRow[];
  readonly pending: readonly string[];
  readonly notCarried: readonly string[];
}

/** @throws {ProblemError} `adopt.*` with what stands in the way; `source.*`, and of connecting */
export async function prepareAdopt(
  context: Context,
  request: TargetRequest,
  wanted: AdoptRequest,
): Promise<PreparedAdoption> {
  const overrides = { ...request.overrides, ...(wanted.from === undefined ? {} : { tool: wanted.from }) };
  const target = await resolveTarget(context, { ...request, overrides });
  const from = await readSource(target);
  const { to, files } = await otherSource(target, from, wanted);
  return withSession(context, target, (session) => prepared(context, { target, from, to, files }, session));
}

interface Sides {
  readonly target: TargetDatabase;
  readonly from: OpenSource;
  readonly to: OpenSource;
  readonly files: ConvertedFiles | null;
}

async function otherSource(
  target: TargetDatabase,
  from: OpenSource,
  { to, sourceTo, historyTableTo, writeTo }: AdoptRequest,
): Promise<Pick<Sides, 'to' | 'files'>> {
  if (writeTo !== undefined && (to !== 'lockkeeper' || sourceTo !== undefined))
    raise({
      code: 'usage.invalid',
      message: 'Files are converted into our own format only, and into a new folder.',
      hint: 'Give --write-to with --to lockkeeper, or name a folder of the other tool with --source-to.',
    });
  const { historyTable: _, ...before } = target.environment.source ?? { path: from.path };
  const source = {
    ...before,
    path: writeTo ?? sourceTo ?? from.path,
    tool: to,
    ...(historyTableTo === undefined ? {} : { historyTable: historyTableTo }),
  };
  const other = { ...target, environment: { ...target.environment, source } };
  if (writeTo === undefined) return { to: requireFiles(await readSource(other), from, sourceTo), files: null };
  const files = await convertFiles(from, writeTo);
  const read = await readConverted(files);
  return { to: openedSource(other, to, { ...read, source: { ...read.source, root: files.folder } }), files };
}

function requireFiles(to: OpenSource, from: OpenSource, named: string | undefined): OpenSource {
  const [problem] = to.problems;
  if (to.migrations.length > 0 && problem === undefined) return to;
  const ours = to.tool.id === 'lockkeeper' ? ', or convert the files with --write-to NEW-FOLDER' : '';
  return raise({
    code: 'adopt.unsupported',
    message: `${to.path} cannot be read as a folder of ${to.tool.title}${problem === undefined ? '' : `: ${problem.message}`}`,
    hint:
      named === undefined
        ? `Its history is made from ${to.tool.title}’s own files: name their folder with --source-to${ours}.`
        : `Correct the files, or name another folder with --source-to; ${from.tool.title}’s history stays as it is.`,
    ...(problem?.path === undefined ? {} : { path: problem.path }),
  });
}

async function prepared(context: Context, sides: Sides, session: Session): Promise<PreparedAdoption> {
  const { target, from, to, files } = sides;
  const table = historyName(session, to);
  if (table === historyName(session, from))
    raise({
      code: 'adopt.unsupported',
      message: `${from.tool.title} and ${to.tool.title} would keep their histories in one table, ${table}.`,
      hint: `Name another table for ${to.tool.title} with --to-history-table; its own program must be told of it, too.`,
    });
  const held = protectionOf(context, target, session);
  if (held.problem !== null) throw new ProblemError(held.problem);
  const [ours, theirs] = [await readComparison(from, session), await readComparison(to, session)];
  const matched = matchApplied(ours.comparison, from, to);
  requireAgreement(theirs.comparison, matched, from, to);
  requirePosition(matched, to);
  requireAbility({ source: to }, 'markApplied');
  const rows = await Promise.all(matched.map((match) => rowOf(match, theirs.comparison, sides)));
  const changes = changesOf(matched, theirs.comparison);
  const moved = {
    from,
    fromHistorySha256: historySha256(ours.entries),
    facts: new Map(matched.map(({ match, row }) => [match.to.historyKey, factsOf(row)])),
    applied: new Set(matched.map(({ match }) => match.to.historyKey)),
    files,
  };
  const gate = {
    ...gateNeeds(held.name, held.protection, [], gateFacts(context, { kind: 'byRole' })),
    reason: true,
    hazards: hazardsOfMove(matched, rows),
  };
  const repair: PreparedRepair = {
    ...{ requests: [], changes, gate, target, source: to, moved },
    fingerprint: fingerprintOf(sides, session, [ours.entries, theirs.entries].map(historySha256), changes),
    historySha256: historySha256(theirs.entries),
    server: session.identity.id,
    database: session.identity.database,
  };
  return {
    repair,
    from,
    rows,
    pending: to.migrations.filter(({ historyKey }) => !moved.applied.has(historyKey)).map(({ version }) => version),
    notCarried: notCarried({ from, to, comparison: ours.comparison }),
  };
}

/** In the order in which they were applied. */
function changesOf(matched: readonly AppliedMatch[], theirs: Comparison): RowChange[] {
  return matched.flatMap(({ match, row }): RowChange[] => {
    const there = theirs.rows.find((one) => keyOf(one) === match.to.historyKey);
    if (there === undefined || isEffective(there.entry)) return [];
    return [
      {
        action: row.entry?.state === 'baseline' ? 'baseline' : 'markApplied',
        version: match.to.version,
        name: match.to.name,
        reason: `${versionOf(row)} is applied; nothing of it is run.`,
        difference: null,
        journalOnly: false,
        row: there,
      },
    ];
  });
}

const factsOf = ({ entry }: Compared): CarriedFacts => ({
  appliedAt: entry?.appliedAt ?? null,
  appliedBy: entry?.appliedBy ?? null,
  durationMs: entry?.durationMs ?? null,
});

async function rowOf({ match, row }: AppliedMatch, theirs: Comparison, sides: Sides): Promise<AdoptedRow> {
  const { from, to, files } = sides;
  const facts = factsOf(row);
  const carried = to.history.repairs?.carries ?? [];
  const known = <K extends keyof CarriedFacts>(fact: K) => (carried.includes(fact) ? facts[fact] : null);
  const there = theirs.rows.find((one) => keyOf(one) === match.to.historyKey);
  const text = files?.files.find((file) => file.path === match.to.up.path)?.text ?? null;
  const sql: DifferenceKind = await differenceOfFiles(match, { from, to, text }, sides.target.driver.sql);
  return {
    version: match.to.version,
    name: match.to.name,
    from: { version: match.from.version, name: match.from.name },
    matchedBy: match.by,
    sql,
    there: isEffective(there?.entry),
    appliedAt: known('appliedAt'),
    appliedBy: known('appliedBy'),
    durationMs: known('durationMs'),
  };
}

const fingerprintOf = (
  { from, to, files }: Sides,
  { identity }: Session,
  histories: readonly string[],
  changes: readonly RowChange[],
): string =>
  sha256([
    identity.id,
    [from, to].map(({ tool, history, path }) => [tool.id, formatTable(history.table), path]),
    histories,
    changes.map(({ action, row }) => [action, keyOf(row), row.migration?.checksum ?? null]),
    files?.files.map(({ path, text }) => [path, text]) ?? null,
  ]);

/** As windows and scripts read it. */
export const viewAdoption = ({ repair, from, rows, pending, notCarried: told }: PreparedAdoption): AdoptView => ({
  fingerprint: repair.fingerprint,
  environment: repair.target.environment.name,
  database: repair.database,
  from: sideOf(from),
  to: sideOf(repair.source),
  rows,
  pending,
  files: repair.moved?.files?.files.map(({ path }) => path) ?? [],
  notCarried: told,
  gate: viewGate(repair.gate),
  hazards: adoptHazards,
});

const sideOf = ({ tool, path, history }: OpenSource): AdoptedSide => ({
  tool: tool.id,
  title: tool.title,
  source: path,
  historyTable: formatTable(history.table),
});
