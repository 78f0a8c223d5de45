/** Which tool keeps a folder and a database, with the evidence, and what connecting the two would mean. Writes nothing. */
import type { DetectedComparison, DetectReport } from '../../shared/model/detection.ts';
import { nothingChanged, type Problem, ProblemError } from '../../shared/problem.ts';
import type { Session } from '../engine/ports.ts';
import { type Candidate, type DetectedSource, detectSource } from '../tools/detect.ts';
import { toolFor } from '../tools/registry.ts';
import type { Context } from './context.ts';
import {
  countedEntries,
  evidenceOf,
  findHistories,
  type RecognisedHistory,
  type ToolFiles,
  viewHistory,
} from './historyTables.ts';
import { formatTable, readSource } from './readSource.ts';
import { statusOf } from './readStatus.ts';
import { overrideSource, resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';

export interface DetectRequest {
  readonly path: string;
  /** Null: files alone are looked at. */
  readonly target: TargetRequest | null;
  /** A person's choice; null: as files and history tell. */
  readonly tool: string | null;
  readonly historyTable: string | null;
}

/** @throws {ProblemError} `source.unreadable`, and of connecting */
export async function detectProject(context: Context, request: DetectRequest): Promise<DetectReport> {
  if (request.target === null) return withoutDatabase(await detectSource(request.path));
  const target = await resolveTarget(context, request.target);
  return withSession(context, target, (session) => withDatabase(context, request, target, session));
}

export async function detectFolder(path: string): Promise<DetectReport> {
  return withoutDatabase(await detectSource(path));
}

const withoutDatabase = ({ candidates, problems }: DetectedSource): DetectReport => ({
  candidates: candidates.map(viewCandidate),
  problems,
  notices: [],
  database: null,
  histories: [],
  comparison: null,
});

const viewCandidate = (candidate: Candidate) => ({ ...candidate, title: toolFor(candidate.tool).title });

async function withDatabase(
  context: Context,
  request: DetectRequest,
  target: TargetDatabase,
  session: Session,
): Promise<DetectReport> {
  let histories: RecognisedHistory[] = [];
  const detected = await detectSource(request.path, async (found) => {
    histories = await findHistories(target.driver, session, await filesOf(request.path, found, target));
    return found.map((candidate) => weighed(candidate, histories));
  });
  const decided = request.tool ?? (detected.problems.length === 0 ? (detected.candidates[0]?.tool ?? null) : null);
  const compared = decided === null ? null : await comparisonOf(context, request, target, session, decided, histories);
  const { comparison, problem } = compared ?? { comparison: null, problem: null };
  const { product, version, database } = session.identity;
  return {
    ...withoutDatabase(detected),
    problems: [...(request.tool === null ? detected.problems : []), ...(problem === null ? [] : [problem])],
    notices: [
      ...orphans(detected.candidates, histories),
      ...(comparison?.columns === null ? [noTable(comparison)] : []),
    ],
    database: { environment: target.environment.name, product, serverVersion: version, database },
    histories: histories.map(viewHistory),
    comparison,
  };
}

/** A folder that one tool cannot read tells nothing of the others. */
async function filesOf(
  path: string,
  candidates: readonly Candidate[],
  { driver, environment }: TargetDatabase,
): Promise<Map<string, ToolFiles>> {
  const files = new Map<string, ToolFiles>();
  for (const { tool: id } of candidates) {
    const tool = toolFor(id);
    if (!tool.engines.includes(driver.id)) continue;
    try {
      const options = { engine: driver.id, placeholders: environment.source?.placeholders ?? {}, historyTable: null };
      const { source, historyTable } = await tool.read(path, options);
      files.set(id, { migrations: source.migrations, historyTable: historyTable ?? null });
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown;
    }
  }
  return files;
}

/** Of what speaks against a candidate, how much is left when a history of it is in the database. */
const leftOfDoubt = { allInFolder: 0.1, someInFolder: 0.4, empty: 0.5 };

function weighed(candidate: Candidate, histories: readonly RecognisedHistory[]): Candidate {
  const [best] = ownedBy(candidate.tool, histories);
  if (best === undefined) return candidate;
  const { history, owner } = best;
  const [entries, inFolder] = [owner.entries.length, owner.inFolder ?? 0];
  const left = entries === 0 ? 'empty' : inFolder === entries ? 'allInFolder' : inFolder > 0 ? 'someInFolder' : null;
  const evidence = [...candidate.evidence, `the table ${formatTable(history.table)}: ${evidenceOf(owner).join(', ')}`];
  const certainty = left === null ? candidate.certainty : 1 - (1 - candidate.certainty) * leftOfDoubt[left];
  return { ...candidate, certainty, evidence };
}

/** The likeliest first, as they are found. */
const ownedBy = (tool: string, histories: readonly RecognisedHistory[]) =>
  histories.flatMap((history) => {
    const owner = history.owners.find((one) => one.tool.id === tool);
    return owner === undefined ? [] : [{ history, owner }];
  });

async function comparisonOf(
  context: Context,
  request: DetectRequest,
  target: TargetDatabase,
  session: Session,
  tool: string,
  histories: readonly RecognisedHistory[],
): Promise<{ comparison: DetectedComparison | null; problem: Problem | null }> {
  const [found] = ownedBy(tool, histories);
  const elsewhere = found === undefined || isUsual(found) ? null : formatTable(found.history.table);
  const namedTable = request.historyTable ?? elsewhere;
  const { historyTable: _, ...before } = target.environment.source ?? { path: request.path };
  const named = namedTable === null ? {} : { historyTable: namedTable };
  const source = overrideSource(before, { path: request.path, tool, ...named });
  const chosen = { ...target, environment: { ...target.environment, source } };
  try {
    const opened = await readSource(chosen);
    const report = await statusOf(context, chosen, opened, session);
    const columns = await session.columns(opened.history.table);
    return { comparison: { ...report, title: opened.tool.title, namedTable, columns }, problem: null };
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return { comparison: null, problem: thrown.problem };
  }
}

/** The tool takes it by itself. */
const isUsual = ({ history: { table }, owner }: ReturnType<typeof ownedBy>[number]): boolean =>
  owner.usualName && table.schema === null;

/** Histories of tools whose files are not in the folder. */
const orphans = (candidates: readonly Candidate[], histories: readonly RecognisedHistory[]): Problem[] =>
  histories
    .filter(({ owners }) => !owners.some(({ tool }) => candidates.some((candidate) => candidate.tool === tool.id)))
    .map(({ table, owners }) => {
      const titles = owners.map(({ tool }) => tool.title).join(' or ');
      const [first] = owners;
      return {
        code: 'source.otherHistory',
        message: `The table ${formatTable(table)} looks like a history of ${titles} with ${countedEntries(first?.entries ?? [])}, of which the folder holds no files.`,
        state: nothingChanged,
        hint: `Choose that tool’s folder; or to go on with another tool: lockkeeper adopt --from ${first?.tool.id ?? 'T'} --to U`,
      };
    });

const noTable = ({ title, historyTable, pending }: DetectedComparison): Problem => ({
  code: 'source.noHistory',
  message: `The database has no history of ${title} (${historyTable}): all ${pending} migrations of the folder would be applied.`,
  state: nothingChanged,
  hint: 'If they are in the database already, mark them with: lockkeeper baseline V; if another tool applied them, see: lockkeeper adopt',
});
