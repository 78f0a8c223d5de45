/** Gathers what is known of one fleet from this computer alone, and says it in words. */
import type { FleetMember, FleetOutcome } from '../../../shared/model/fleet.ts';
import { fleetDocument } from '../../../shared/model/fleetDocument.ts';
import { type FleetReport, fleetReportVersion, type ReportedMember } from '../../../shared/model/fleetReport.ts';
import type { ReportedEntry } from '../../../shared/model/report.ts';
import type { Context } from '../context.ts';
import { findFleet } from '../fleet/findFleet.ts';
import { type Block, type Cell, duration, problemBlocks, type ReportDocument, type Words } from './blocks.ts';
import { auditBlocks } from './evidenceBlocks.ts';
import { soundness, withoutKnownSecrets } from './readReport.ts';

/** @throws {ProblemError} `fleet.notFound` */
export function readFleetReport(context: Context, id: string): FleetReport {
  const { fleet, members } = findFleet(context, id);
  const { process: _process, sources: _sources, ...about } = fleet;
  const { counts, members: told } = fleetDocument(fleet, members);
  return withoutKnownSecrets<FleetReport>({
    format: fleetReportVersion,
    fleet: about,
    counts,
    members: told.map((member) => ({ ...member, ...ofRun(context, member.run) })),
    audit: entriesOf(context, id, members),
  });
}

function ofRun({ workspace }: Context, id: string | null): Pick<ReportedMember, 'versions' | 'backup'> {
  const run = id === null ? null : workspace.runs.get(id);
  const backup = run?.backup == null ? null : workspace.backups.get(run.backup.id);
  return {
    versions: run?.steps.map(({ version }) => version) ?? [],
    backup: backup === null ? null : { id: backup.id, level: backup.level, sha256: backup.sha256 },
  };
}

function entriesOf({ workspace }: Context, fleet: string, members: readonly FleetMember[]): ReportedEntry[] {
  const runs = new Set(members.flatMap(({ run }) => run ?? []));
  const found: ReportedEntry[] = [];
  let previous = '';
  for (const entry of workspace.audit.entries()) {
    const isOfIt = entry.run === null ? isOfFleet(entry.detail, fleet) : runs.has(entry.run);
    if (isOfIt) found.push(soundness({ ...entry, previous }));
    previous = entry.hash;
  }
  return found;
}

const isOfFleet = (detail: string, fleet: string): boolean =>
  detail.includes(fleet) && (JSON.parse(detail) as { readonly fleet?: unknown }).fleet === fleet;

export function fleetReportDocument(report: FleetReport): ReportDocument {
  const { fleet, members, audit } = report;
  const title = `Fleet ${fleet.name}`;
  return {
    title,
    at: fleet.finishedAt ?? fleet.startedAt,
    blocks: [
      { kind: 'title', text: title },
      { kind: 'verdict', words: fleet.outcome === null ? { text: '◐ It goes on.' } : outcomeWords[fleet.outcome] },
      { kind: 'facts', facts: factsOf(report) },
      ...problemBlocks(fleet.problem),
      memberTable(members),
      ...members.flatMap(({ environment, problem }): Block[] =>
        problem === null ? [] : [{ kind: 'part', text: environment }, ...problemBlocks(problem)],
      ),
      ...auditBlocks(audit),
    ],
  };
}

const outcomeWords: Readonly<Record<FleetOutcome, Words>> = {
  succeeded: { text: '✓ All of it succeeded.', tone: 'good' },
  failed: { text: '✕ It failed, or stopped at a failure.', tone: 'bad' },
  cancelled: { text: '✕ It was cancelled.', tone: 'attention' },
  paused: { text: '◐ Its next stage waits for a go-ahead.', tone: 'attention' },
  interrupted: { text: '? Its process ended in the middle of it.', tone: 'bad' },
};

function factsOf({ fleet, counts }: FleetReport): [string, Cell][] {
  const { policy, shard, startedAt, finishedAt } = fleet;
  const took = finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);
  const facts: readonly (readonly [string, Cell])[] = [
    ['Fleet', fleet.id],
    ['By', `${fleet.actor} on ${fleet.host}`],
    ['Reason', fleet.reason],
    ['Up to', fleet.wanted.to ?? 'the newest'],
    ['Part', shard === null ? null : `${shard.index} of ${shard.count}`],
    ['Began', startedAt],
    ['Ended', finishedAt],
    ['Took', duration(took)],
    ['At once', policy.jobs],
    ['Canaries', policy.canary],
    ['Stops at', policy.maxFailures === null ? 'no failure' : `failure ${policy.maxFailures} of a stage`],
    ['Hazards accepted', fleet.accept.length === 0 ? 'none' : fleet.accept.join(', ')],
    ['Done', counts.succeeded + counts.upToDate],
    ['Failed, refused or not known', counts.failed + counts.refused + counts.interrupted],
    ['Not begun, or cancelled', counts.waiting + counts.cancelled],
  ];
  return facts.filter(([, value]) => value !== null && value !== '').map(([name, value]) => [name, value]);
}

const stateWords: Readonly<Record<ReportedMember['outcome'], Words>> = {
  waiting: { text: '○ not begun' },
  running: { text: '◐ running' },
  succeeded: { text: '✓ succeeded', tone: 'good' },
  upToDate: { text: '✓ up to date', tone: 'good' },
  failed: { text: '✕ failed', tone: 'bad' },
  refused: { text: '⊘ refused', tone: 'attention' },
  interrupted: { text: '? not known', tone: 'bad' },
  cancelled: { text: '✕ cancelled', tone: 'attention' },
};

const memberTable = (members: readonly ReportedMember[]): Block => ({
  kind: 'table',
  columns: [
    ['Environment', 4],
    ['Tier', 2],
    ['Outcome', 3],
    ['Done', 2],
    ['Backup', 3],
    ['Took', 2],
    ['Run', 5],
  ],
  rows: members.map(({ environment, tier, outcome, setAside, steps, done, backup, startedAt, finishedAt, run }) => [
    environment,
    tier,
    setAside ? { text: `${stateWords[outcome].text}, set aside`, tone: 'attention' } : stateWords[outcome],
    steps === null ? null : `${done} of ${steps}`,
    backup === null ? null : backup.level,
    duration(startedAt === null || finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt)),
    run,
  ]),
});
