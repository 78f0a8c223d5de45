/** Gathers what is known of one run or rehearsal, from this computer alone: nothing is asked of its database, nothing is written. */
import type { Backup } from '../../../shared/model/backup.ts';
import type { Rehearsal } from '../../../shared/model/rehearsal.ts';
import {
  type Report,
  type ReportedBackup,
  type ReportedEntry,
  type ReportedMessage,
  type ReportedPhase,
  type ReportedResult,
  type ReportedRun,
  reportVersion,
} from '../../../shared/model/report.ts';
import type { Run, RunRecord } from '../../../shared/model/run.ts';
import { raise } from '../../../shared/problem.ts';
import { driverFor } from '../../databases/registry.ts';
import { entryHash } from '../../engine/auditChain.ts';
import type { Context } from '../context.ts';
import { localRun } from '../findRun.ts';
import { redact, withoutSecrets } from '../redact.ts';
import { plannedIn } from './plannedIn.ts';

/** Runs among which that of a rehearsal is looked for. */
const newestRuns = 1_000;

/** @param id of a run or of a rehearsal @throws {ProblemError} `run.notFound` */
export async function readReport(context: Context, id: string): Promise<Report> {
  const { workspace } = context;
  const found = workspace.rehearsals.get(id);
  const run = found === null ? await localRun(context, id) : runOf(context, found);
  const rehearsal = found ?? (run?.rehearsal === undefined ? null : workspace.rehearsals.get(run.rehearsal.id));
  if (run === null && rehearsal === null)
    raise({
      code: 'run.notFound',
      message: `There is no run or rehearsal ${id}.`,
      hint: 'List the runs of this workspace with: lockkeeper run list',
    });
  const records = run === null ? [] : await recordsOf(context, run.id);
  const entries = run === null ? [] : workspace.audit.ofRun(run.id).map(soundness);
  const planned = plannedIn(entries);
  const name = run?.environment ?? rehearsal?.environment ?? '';
  const environment = workspace.environments.find(run?.environmentId ?? name);
  const backup = run?.backup == null ? null : workspace.backups.get(run.backup.id);
  return withoutKnownSecrets<Report>({
    format: reportVersion,
    run: run === null ? null : about(run),
    environment: {
      name,
      tier: planned?.tier ?? environment?.tier ?? null,
      address: environment === null ? null : driverFor(environment.connection.engine).formatUrl(environment.connection),
      serverVersion: rehearsal?.serverVersion ?? backup?.serverVersion ?? null,
      target: planned?.target ?? (await targetInJournal(context, run)),
    },
    plan: planned?.plan ?? null,
    backup: backup === null ? null : aboutBackup(backup),
    phases: phasesIn(records),
    steps: run?.steps ?? [],
    results: resultsIn(records, run),
    messages: messagesIn(records, run),
    restore: run?.restore ?? null,
    rehearsal,
    audit: entries,
    gaps: gapsOf(run, records, rehearsal, backup),
  });
}

const runOf = ({ workspace }: Context, { id, environment }: Rehearsal): Run | null =>
  workspace.runs.latest({ environment, limit: newestRuns }).find(({ rehearsal }) => rehearsal?.id === id) ?? null;

async function recordsOf(context: Context, id: string): Promise<readonly RunRecord[]> {
  const live = context.runs.active().some((run) => run.id === id);
  return live ? context.runs.records(id) : context.workspace.runEvents.read(id, 0);
}

const about = ({
  id,
  action,
  actor,
  host,
  reason,
  startedAt,
  finishedAt,
  outcome,
  problem,
  next,
}: Run): ReportedRun => ({ id, action, actor, host, reason, startedAt, finishedAt, outcome, problem, next });

const aboutBackup = (backup: Backup): ReportedBackup => ({
  id: backup.id,
  level: backup.level,
  takenAt: backup.takenAt,
  durationMs: backup.durationMs,
  bytes: backup.bytes,
  path: backup.path,
  sha256: backup.sha256,
  encrypted: backup.encrypted,
  covers: backup.covers,
  notCovered: backup.notCovered,
  serverVersion: backup.serverVersion,
  checkedAt: backup.checkedAt,
  provenAt: backup.proof?.provenAt ?? null,
  problem: backup.problem,
});

type StoredWithPrevious = ReturnType<Context['workspace']['audit']['ofRun']>[number];

export const soundness = ({ id, previous, hash, ...facts }: StoredWithPrevious): ReportedEntry => ({
  entry: id,
  ...facts,
  previous,
  hash,
  sound: hash === entryHash(previous, facts),
});

/** Runs of an earlier version told it only there. */
async function targetInJournal({ workspace }: Context, run: Run | null): Promise<Report['environment']['target']> {
  if (run === null) return null;
  const notes = await workspace.readClientJournal(run.id);
  return (
    plannedIn([{ action: 'up', detail: JSON.stringify(notes.find(({ type }) => type === 'run') ?? {}) }])?.target ??
    null
  );
}

function phasesIn(records: readonly RunRecord[]): ReportedPhase[] {
  return records.flatMap((record, index) => {
    if (record.type !== 'phaseStarted') return [];
    const { phase, at } = record;
    const end = records.slice(index).find((later) => later.type === 'phaseFinished' && later.phase === phase);
    return [{ phase, startedAt: at, durationMs: end === undefined ? null : Date.parse(end.at) - Date.parse(at) }];
  });
}

const versionOf = (run: Run | null, step: number | null): string | null =>
  step === null ? null : (run?.steps[step]?.version ?? null);

const resultsIn = (records: readonly RunRecord[], run: Run | null): ReportedResult[] =>
  records.flatMap((record) =>
    record.type === 'resultSet'
      ? [
          {
            version: versionOf(run, record.step),
            line: record.line,
            asked: askedBy(record.verification),
            result: record.result,
          },
        ]
      : [],
  );

const askedBy = (verification: 'before' | 'after' | undefined): ReportedResult['asked'] =>
  verification === undefined ? 'script' : verification === 'before' ? 'verifyBefore' : 'verifyAfter';

const messagesIn = (records: readonly RunRecord[], run: Run | null): ReportedMessage[] =>
  records.flatMap((record) => {
    if (record.type === 'notice')
      return [
        { at: record.at, version: versionOf(run, record.step), severity: record.severity, message: record.message },
      ];
    return record.type === 'warning'
      ? [{ at: record.at, version: null, severity: 'warning', message: record.message }]
      : [];
  });

function gapsOf(
  run: Run | null,
  records: readonly RunRecord[],
  rehearsal: Rehearsal | null,
  backup: Backup | null,
): string[] {
  return [
    ...(run !== null && run.outcome === null
      ? ['The run goes on: this is what was known when the report was made.']
      : []),
    ...(run !== null && records.length === 0
      ? ['Its log was removed when it was older than the settings keep logs: phases, results and messages are missing.']
      : []),
    ...(run?.backup != null && backup === null ? [`The backup ${run.backup.id} was removed since.`] : []),
    ...(run?.rehearsal !== undefined && rehearsal === null ? ['What the rehearsal saw is not kept any more.'] : []),
  ];
}

/** Texts were redacted when they were recorded; what has become known as a secret since is taken out, too. */
export function withoutKnownSecrets<R extends { readonly audit: readonly ReportedEntry[] }>(report: R): R {
  return {
    ...mapTexts(report, (text) => redact(text, null)),
    // Its hashes are over the words as they were written.
    audit: mapTexts(report.audit, withoutSecrets),
  };
}

function mapTexts<T>(value: T, change: (text: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === 'string' ? change(one) : one)) as T;
}
