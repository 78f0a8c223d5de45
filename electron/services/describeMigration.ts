/** Everything known of one migration in one environment. */
import type { Script } from '../../shared/model/migration.ts';
import { shownCharacters } from '../../shared/model/scriptLines.ts';
import type { MigrationDetail } from '../../shared/model/status.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { type Compared, versionOf } from '../engine/compare.ts';
import { type CatalogueFacts, noHazards } from '../engine/hazards.ts';
import { measuredKey } from '../engine/plan.ts';
import type { ScriptReader } from '../engine/ports.ts';
import { createScriptPieces, type ScriptPieces } from '../engine/scriptPieces.ts';
import { analyseScript } from './analyseScript.ts';
import type { Context } from './context.ts';
import { differenceOf } from './explainChecksum.ts';
import { lastFailure } from './failedPlace.ts';
import { findRow } from './findRow.ts';
import { listHistory } from './listHistory.ts';
import { historyName } from './lockName.ts';
import { measuredDurations } from './measuredDurations.ts';
import { placeholdersOf } from './placeholderValues.ts';
import { type OpenSource, readSource } from './readSource.ts';
import { readComparison, toStatusMigration } from './readStatus.ts';
import { shownScript } from './shownScript.ts';
import { resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';
import { trustRequest } from './trust.ts';
import { unhurried } from './unhurried.ts';
import { withValues } from './withValues.ts';

/** Bytes of a script up to which its analysis keeps nobody waiting. */
const analysedAtOnce = 1024 * 1024;

/**
 * @param analysis `later`: of a longer script everything but what its statements say, which takes its time
 * @throws {ProblemError} `source.noSuchVersion`, and what reading status throws
 */
export async function describeMigration(
  context: Context,
  request: TargetRequest,
  version: string,
  analysis: 'whole' | 'later' = 'whole',
): Promise<MigrationDetail> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  const { comparison, facts, latest } = await withSession(context, target, async (session) => ({
    comparison: (await readComparison(source, session)).comparison,
    facts: await target.driver.readFacts(session, 'all'),
    latest: await target.driver.journal.readLatest(session, historyName(session, source)),
  }));
  const row = findRow(comparison, version);
  const difference =
    row.status === 'changed' ? await differenceOf(context, { target, source, latest: latest ?? [] }, row) : null;
  return { ...(await describe(context, { target, source, facts }, row, analysis)), difference };
}

async function describe(
  context: Context,
  {
    target,
    source,
    facts,
  }: { readonly target: TargetDatabase; readonly source: OpenSource; readonly facts: CatalogueFacts },
  row: Compared,
  wanted: 'whole' | 'later',
): Promise<Omit<MigrationDetail, 'difference'>> {
  const { migration, entry } = row;
  const shown = await Promise.all(
    [migration?.up, migration?.down, migration?.verify].map((one) => shownScript(context, source, one ?? null)),
  );
  const program = migration?.up.kind === 'program' ? migration.up : null;
  const texts = await Promise.all(
    [...shown.map(({ script }) => script), program].map((one) => readText(one, source.scripts)),
  );
  const [up, down, verify, written] = texts;
  const analysed = shown[0]?.script ?? migration?.up ?? null;
  const isLater = wanted === 'later' && analysed !== null && analysed.bytes > analysedAtOnce;
  const look = analysed === null || isLater ? noHazards : await target.driver.hazardLook(facts, 'all');
  look.begin({ transactional: source.tool.rules.transactional && migration?.transaction.up !== false });
  const pieces = createScriptPieces(unhurried(source.scripts), target.driver.sql, placeholdersOf(target));
  const analysis = analysed === null || isLater ? null : await analyseScript(analysed, target.driver, pieces, look);
  const measured = measuredDurations(context, target.environment.id, 1).get(
    measuredKey({ version: versionOf(row), name: migration?.name ?? '' }),
  );
  const authored = migration?.metadata.estimatedMs;
  return {
    ...toStatusMigration(context, row),
    environment: target.environment.name,
    upSql: up?.text ?? null,
    downSql: down?.text ?? entry?.storedDown ?? null,
    verifySql: verify?.text ?? null,
    sentSql: {
      up: await sentText(shown[0]?.script ?? null, up ?? null, source.pieces),
      down: await sentText(shown[1]?.script ?? null, down ?? null, source.pieces),
      verify: await sentText(shown[2]?.script ?? null, verify ?? null, source.pieces),
    },
    source: written?.text ?? null,
    trust: trustRequest(context, [migration?.up ?? null, migration?.down ?? null]),
    firstLines: {
      up: migration?.up.line ?? 1,
      down: migration?.down?.line ?? 1,
      verify: migration?.verify?.line ?? 1,
    },
    shortened: texts.some((text) => text?.shortened === true),
    analysed: !isLater,
    statements: analysis?.statements ?? 0,
    tables: [...new Set([...(migration?.metadata.affectedTables ?? []), ...(analysis?.tables ?? [])])],
    hazards: analysis?.hazards ?? [],
    estimate:
      measured !== undefined
        ? { ms: measured, source: 'history' }
        : authored === undefined
          ? null
          : { ms: authored, source: 'author' },
    fileChecksum: migration?.checksum ?? null,
    recordedChecksum: entry?.checksum ?? null,
    runs: listHistory(context, { environment: target.environment.name, limit: 500 }).filter(
      (line) => line.version === versionOf(row),
    ),
    failure: await lastFailure(context, target.environment.id, versionOf(row), analysed),
    problems: [
      ...(analysis?.problems ?? []),
      ...shown.flatMap(({ problems }) => problems),
      ...texts.flatMap((text) => text?.problems ?? []),
    ],
  };
}

/** Null: no values are put into it, or what it lacks is told with its problems. */
async function sentText(script: Script | null, shown: ShownText | null, pieces: ScriptPieces): Promise<string | null> {
  if (script?.placeholders !== true || shown?.text === null || shown === null) return null;
  try {
    return await withValues(shown.text, script, pieces);
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return null;
  }
}

interface ShownText {
  readonly text: string | null;
  readonly shortened: boolean;
  readonly problems: readonly Problem[];
}

async function readText(script: Script | null, scripts: ScriptReader): Promise<ShownText | null> {
  if (script === null) return null;
  let text = '';
  for await (const chunk of scripts.read(script)) {
    text += chunk;
    if (text.length > shownCharacters) return { text: text.slice(0, shownCharacters), shortened: true, problems: [] };
  }
  return { text, shortened: false, problems: [] };
}
