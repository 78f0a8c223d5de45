/** A report in words: the same for every format that a person reads. */
import type { Report, ReportedBackup, ReportedPlan } from '../../../shared/model/report.ts';
import type { RestoreRecord, RestoreStage } from '../../../shared/model/restore.ts';
import type { RunAction, RunOutcome, RunStep } from '../../../shared/model/run.ts';
import {
  type Block,
  type Cell,
  duration,
  listed,
  problemBlocks,
  type ReportDocument,
  stepWord,
  type Words,
} from './blocks.ts';
import { auditBlocks, messageBlocks, phaseBlocks, resultBlocks } from './evidenceBlocks.ts';
import { rehearsalBlocks, rehearsalVerdict } from './rehearsalBlocks.ts';

export function reportDocument(report: Report): ReportDocument {
  const { run, rehearsal, environment } = report;
  const title = `${run === null ? 'Rehearsal' : actionWords[run.action]} of ${environment.name}`;
  return {
    title,
    at: run?.finishedAt ?? run?.startedAt ?? rehearsal?.at ?? '',
    blocks: [
      { kind: 'title', text: title },
      verdictOf(report),
      ...listed(report.gaps),
      { kind: 'facts', facts: factsOf(report) },
      ...problemBlocks(run?.problem ?? null),
      ...nextBlocks(run?.next ?? []),
      ...(report.plan === null ? [] : planBlocks(report.plan)),
      ...backupBlocks(report.backup),
      ...(report.restore === null ? [] : restoreBlocks(report.restore)),
      ...stepBlocks(report.steps),
      ...(rehearsal === null ? [] : rehearsalBlocks(rehearsal)),
      ...resultBlocks('What the verify scripts asked', report.results, (one) => one.asked !== 'script'),
      ...resultBlocks('What the scripts asked', report.results, (one) => one.asked === 'script'),
      ...messageBlocks(report),
      ...phaseBlocks(report),
      ...auditBlocks(report.audit),
    ],
  };
}

const actionWords: Readonly<Record<RunAction, string>> = {
  up: 'Migration',
  down: 'Rollback',
  backup: 'Backup',
  check: 'Check of a backup',
  prove: 'Proof of a backup',
  rehearse: 'Rehearsal',
  restore: 'Restore',
  undoRestore: 'Undoing of a restore',
  repair: 'Repair of the history',
  baseline: 'Baseline',
  force: 'Setting of the version',
  adopt: 'Adoption of the history',
};

const outcomeWords: Readonly<Record<RunOutcome, Words>> = {
  succeeded: { text: '✓ It succeeded.', tone: 'good' },
  failed: { text: '✕ It failed.', tone: 'bad' },
  cancelled: { text: '✕ It was cancelled.', tone: 'attention' },
  interrupted: { text: '? It was interrupted.', tone: 'bad' },
  refused: { text: '⊘ It was refused: nothing was changed.', tone: 'attention' },
};

function verdictOf({ run, rehearsal }: Report): Block {
  if (rehearsal !== null) return { kind: 'verdict', words: rehearsalVerdict(rehearsal) };
  const words = run?.outcome == null ? { text: '◐ It goes on.' } : outcomeWords[run.outcome];
  return { kind: 'verdict', words };
}

function factsOf({ run, environment, rehearsal }: Report): [string, Cell][] {
  const { target } = environment;
  const took = run?.finishedAt == null ? null : Date.parse(run.finishedAt) - Date.parse(run.startedAt);
  const known: readonly (readonly [string, Cell])[] = [
    ['Run', run?.id ?? null],
    ['Rehearsal', rehearsal?.id ?? null],
    ['By', run === null ? (rehearsal?.actor ?? null) : `${run.actor} on ${run.host}`],
    ['Reason', run?.reason ?? null],
    ['Began', run?.startedAt ?? rehearsal?.at ?? null],
    ['Ended', run?.finishedAt ?? null],
    ['Took', duration(took ?? rehearsal?.durationMs ?? null)],
    ['Environment', environment.name],
    ['Tier', environment.tier],
    ['Address', environment.address],
    ['Engine', target?.engine ?? rehearsal?.engine ?? null],
    ['Server version', environment.serverVersion],
    ['Database', target?.database ?? rehearsal?.database ?? null],
    ['Identity', target?.server ?? null],
    ['Tool', target?.tool ?? rehearsal?.tool ?? null],
    ['History table', target?.historyTable ?? null],
  ];
  return known.filter(([, value]) => value !== null && value !== '').map(([name, value]) => [name, value]);
}

const nextBlocks = (next: readonly string[]): Block[] =>
  next.length === 0 ? [] : [{ kind: 'text', text: 'Safe next, on the command line:' }, ...listed(next)];

function planBlocks(plan: ReportedPlan): Block[] {
  const facts: readonly (readonly [string, Cell])[] = [
    ['Fingerprint', plan.fingerprint === null ? null : { text: plan.fingerprint, code: true }],
    ['Migrations', plan.versions.length === 0 ? null : plan.versions.join(', ')],
    ['Typed name', plan.confirmed === true ? 'the environment’s name was typed' : null],
    ['Reason given', plan.reason],
    [
      'Backup',
      plan.skippedBackup
        ? { text: 'skipped, though one is asked for', tone: 'attention' }
        : plan.backup
          ? 'taken first'
          : 'none',
    ],
    ['Rehearsal', plan.rehearsal],
    ['Hazards accepted', plan.accepted.length === 0 ? 'none' : plan.accepted.join(', ')],
  ];
  return [
    { kind: 'section', text: 'Plan and gate' },
    { kind: 'facts', facts: facts.filter(([, value]) => value !== null) },
    ...listed(plan.acceptedInFiles.map(({ version, code, reason }) => `${version} accepts ${code} itself: ${reason}`)),
    ...(plan.hazards.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            columns: [
              ['Migration', 3],
              ['Hazard', 3],
              ['Severity', 2],
              ['Line', 1],
            ] as const,
            rows: plan.hazards.map(({ version, code, severity, line }) => [version, code, severity, line]),
          },
        ]),
  ];
}

function backupBlocks(backup: ReportedBackup | null): Block[] {
  if (backup === null) return [];
  const proven = backup.provenAt === null ? '' : `, proven at ${backup.provenAt}`;
  const checked = backup.checkedAt === null ? '' : `, checked at ${backup.checkedAt}`;
  return [
    { kind: 'section', text: 'Backup' },
    {
      kind: 'facts',
      facts: [
        ['Id', backup.id],
        ['Level', { text: `${backup.level}${checked}${proven}`, tone: backup.problem === null ? 'good' : 'bad' }],
        ['Data of', backup.takenAt],
        ['Took', duration(backup.durationMs)],
        ['Covers', backup.covers],
        ['Size', `${backup.bytes} bytes${backup.encrypted ? ', encrypted' : ''}`],
        ['SHA-256', { text: backup.sha256, code: true }],
        ['File', backup.path],
      ],
    },
    ...problemBlocks(backup.problem),
    ...listed(backup.notCovered.map((what) => `Not covered: ${what}`)),
  ];
}

const restoreWords: Readonly<Record<RestoreStage, string>> = {
  loading: 'being loaded',
  verified: 'loaded and verified, not in place',
  swapping: 'it stopped while the databases changed places',
  swapped: 'the restored one is in place',
  left: 'left beside',
  removed: 'what was made was removed',
  undoing: 'it stopped while the restore was being undone',
  undone: 'undone: the database before is in place',
};

const restoreBlocks = ({ backup, file, placement, live, restored, kept, stage }: RestoreRecord): Block[] => [
  { kind: 'section', text: 'Restore' },
  {
    kind: 'facts',
    facts: [
      ['Backup', backup ?? 'somebody else’s dump'],
      ['File', file],
      ['Placement', placement],
      ['State', restoreWords[stage]],
      ['Live database', live],
      ['Restored as', restored],
      ['Kept as', kept],
    ],
  },
];

function stepBlocks(steps: readonly RunStep[]): Block[] {
  if (steps.length === 0) return [];
  return [
    { kind: 'section', text: 'Steps' },
    {
      kind: 'table',
      columns: [
        ['', 1],
        ['Migration', 5],
        ['Action', 3],
        ['Outcome', 4],
        ['Statements', 3],
        ['Transaction', 3],
        ['Took', 2],
      ],
      rows: steps.map((step) => [
        step.index + 1,
        `${step.version} ${step.name}`,
        step.action,
        stepWord(step.outcome),
        `${step.done} of ${step.statements}`,
        step.transactional ? 'one' : 'several',
        duration(step.durationMs),
      ]),
    },
    ...steps.flatMap(({ version, problem }): Block[] =>
      problem === null ? [] : [{ kind: 'part', text: version }, ...problemBlocks(problem)],
    ),
  ];
}
