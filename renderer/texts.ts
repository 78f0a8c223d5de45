/** Words for the model's values: one place for names a person reads. */
import type { MatchedBy } from '../shared/model/adoption.ts';
import type { ArchiveFormat, BackupLevel } from '../shared/model/backup.ts';
import type { EngineId, EnvironmentColour, Tier, TlsMode } from '../shared/model/environment.ts';
import type { MigrationStatus } from '../shared/model/history.ts';
import type { DifferenceKind, RepairAction } from '../shared/model/repair.ts';
import type { RunAction, RunOutcome, RunPhase, StepOutcome } from '../shared/model/run.ts';
import type { ConnectionCheck } from '../shared/model/status.ts';
import type { FindingKind } from '../shared/model/verification.ts';

export type Tone = 'ok' | 'quiet' | 'running' | 'attention' | 'danger' | 'unknown';
export interface Mark {
  /** The shape: never the only sign, never without its word. */
  readonly glyph: string;
  readonly word: string;
  readonly tone: Tone;
}

export const migrationMarks: Readonly<Record<MigrationStatus, Mark & { readonly meaning: string }>> = {
  pending: { glyph: '○', word: 'Pending', tone: 'quiet', meaning: 'In the folder, not applied here yet.' },
  applied: { glyph: '✓', word: 'Applied', tone: 'ok', meaning: 'Recorded in the history table; the file is the same.' },
  failed: { glyph: '✕', word: 'Failed', tone: 'danger', meaning: 'The history table says that it failed.' },
  interrupted: {
    glyph: '?',
    word: 'Interrupted',
    tone: 'unknown',
    meaning: 'It was started and nothing says how it ended.',
  },
  changed: {
    glyph: '▲',
    word: 'Changed',
    tone: 'attention',
    meaning: 'Applied, but the file is not the one that was applied.',
  },
  missing: {
    glyph: '⇣',
    word: 'Missing file',
    tone: 'attention',
    meaning: 'Applied, but no file in the folder has its version.',
  },
  outOfOrder: {
    glyph: '↯',
    word: 'Out of order',
    tone: 'attention',
    meaning: 'Not applied, and older than the newest applied one.',
  },
  outdated: {
    glyph: '↻',
    word: 'Outdated',
    tone: 'quiet',
    meaning: 'Repeatable, and its file changed since it was applied.',
  },
  baseline: { glyph: '▬', word: 'Baseline', tone: 'ok', meaning: 'The version from which this database started.' },
  ignored: { glyph: '⊘', word: 'Ignored', tone: 'quiet', meaning: 'Its tool passes over it here.' },
  reverted: { glyph: '↩', word: 'Rolled back', tone: 'quiet', meaning: 'It was applied and then rolled back.' },
};

export const outcomeMarks: Readonly<Record<RunOutcome, Mark>> = {
  succeeded: { glyph: '✓', word: 'Succeeded', tone: 'ok' },
  failed: { glyph: '✕', word: 'Failed', tone: 'danger' },
  cancelled: { glyph: '⊘', word: 'Cancelled', tone: 'attention' },
  interrupted: { glyph: '?', word: 'Unknown', tone: 'unknown' },
  refused: { glyph: '⊘', word: 'Refused', tone: 'attention' },
};
export const runningMark: Mark = { glyph: '◐', word: 'Running', tone: 'running' };

export const stepMarks: Readonly<Record<StepOutcome, Mark>> = {
  succeeded: { glyph: '✓', word: 'Succeeded', tone: 'ok' },
  failed: { glyph: '✕', word: 'Failed', tone: 'danger' },
  rolledBack: { glyph: '↩', word: 'Rolled back', tone: 'danger' },
  unknown: { glyph: '?', word: 'Unknown', tone: 'unknown' },
  notExecuted: { glyph: '⊘', word: 'Not executed', tone: 'quiet' },
};
export const waitingMark: Mark = { glyph: '○', word: 'Waiting', tone: 'quiet' };

/** What verifying a history finds, and why it matters. */
export const findingMarks: Readonly<Record<FindingKind, Mark & { readonly meaning: string }>> = {
  changed: {
    ...migrationMarks.changed,
    meaning:
      'Somebody edited a file after it was applied. Look at what differs first: line ends and comments are harmless, SQL is not, for this database has not run it.',
  },
  missing: {
    ...migrationMarks.missing,
    meaning:
      'A file was renamed, removed, or is in another branch. Bring it back if you can; the history is right that it was applied.',
  },
  drift: {
    glyph: '▲',
    word: 'Drift',
    tone: 'attention',
    meaning:
      'Somebody changed the schema beside the migrations. Accept it, write a migration from it, or undo it: the next migration may not expect it.',
  },
  outOfOrder: {
    ...migrationMarks.outOfOrder,
    meaning: 'Usually two branches were merged. Check that it does not need what came later, then apply it.',
  },
  failed: {
    ...migrationMarks.failed,
    meaning:
      'Its tool goes no further before this is settled. Look at what of it is in the database, then say so: applied, rolled back, or not there at all.',
  },
  interrupted: {
    ...migrationMarks.interrupted,
    meaning:
      'The program or the connection ended in its midst. Look at what of it is in the database before anything else is run.',
  },
  journal: {
    glyph: '≠',
    word: 'Journal disagrees',
    tone: 'attention',
    meaning:
      'Lockkeeper’s own journal and the tool’s history table tell two stories, as after a crash or a hand-made change. Only one is what the database holds.',
  },
  source: {
    glyph: '✕',
    word: 'Folder',
    tone: 'danger',
    meaning: 'Something in the folder itself cannot be read as it is. Correct the file; the history is not concerned.',
  },
};

export const differenceMarks: Readonly<Record<DifferenceKind, Mark>> = {
  same: { glyph: '✓', word: 'Same text', tone: 'ok' },
  lineEndings: { glyph: '✓', word: 'Line ends only', tone: 'ok' },
  comments: { glyph: '✓', word: 'Comments or white space only', tone: 'ok' },
  sql: { glyph: '▲', word: 'The SQL differs', tone: 'danger' },
  unknown: { glyph: '?', word: 'Not known', tone: 'unknown' },
};

/** What a person asks for, and what is then written. No script is run by any of them. */
export const repairWords: Readonly<Record<RepairAction, { readonly ask: string; readonly done: string }>> = {
  updateChecksum: { ask: 'Take over the file’s checksum', done: 'its recorded checksum becomes that of the file' },
  markApplied: { ask: 'Mark as applied', done: 'it counts as applied' },
  markReverted: { ask: 'Mark as rolled back', done: 'it counts as rolled back' },
  removeFailed: { ask: 'Remove the failed entry', done: 'its failed entry no longer counts' },
  baseline: { ask: 'Baseline up to here', done: 'it counts as applied before this tool came' },
  force: { ask: 'Set the version', done: 'the history says this version' },
};

export const tierWords: Readonly<Record<Tier, string>> = {
  development: 'Development',
  test: 'Test',
  staging: 'Staging',
  production: 'Production',
};
/** Where there is room for little. */
export const shortTierWords: Readonly<Record<Tier, string>> = {
  development: 'Dev',
  test: 'Test',
  staging: 'Stage',
  production: 'Prod',
};
export const engineWords: Readonly<Record<EngineId, string>> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL / MariaDB',
  sqlite: 'SQLite',
};
export const colourWords: Readonly<Record<EnvironmentColour, string>> = {
  grey: 'Grey',
  blue: 'Blue',
  green: 'Green',
  yellow: 'Yellow',
  orange: 'Orange',
  red: 'Red',
  violet: 'Violet',
  teal: 'Teal',
};
export const tlsWords: Readonly<Record<TlsMode, string>> = {
  disable: 'disable: never encrypted',
  prefer: 'prefer: encrypted if offered, not verified',
  require: 'require: encrypted, not verified',
  'verify-ca': 'verify-ca: encrypted, authority verified',
  'verify-full': 'verify-full: encrypted, authority and host name verified',
};
export const levelWords: Readonly<Record<BackupLevel, string>> = {
  taken: 'Taken',
  checked: 'Checked',
  proven: 'Proven',
};
export const levelMeanings: Readonly<Record<BackupLevel, string>> = {
  taken: 'Written to its end and stored with its digest.',
  checked: 'Read to its end; digest and object counts agree.',
  proven: 'Restored into a scratch database and compared.',
};
export const gateBackupWords: Readonly<Record<'none' | BackupLevel, string>> = {
  none: 'No backup required',
  taken: 'A backup taken',
  checked: 'A backup taken and checked',
  proven: 'A proven backup',
};
export const formatWords: Readonly<Record<ArchiveFormat, string>> = {
  custom: 'The engine’s own archive',
  plain: 'SQL text',
};
export const actionWords: Readonly<Record<RunAction, string>> = {
  up: 'Migrate',
  down: 'Roll back',
  backup: 'Back up',
  check: 'Check backup',
  prove: 'Prove backup',
  rehearse: 'Rehearse',
  restore: 'Restore',
  undoRestore: 'Undo restore',
  repair: 'Repair history',
  baseline: 'Baseline',
  force: 'Set version',
  adopt: 'Move history',
};
export const matchWords: Readonly<Record<MatchedBy, string>> = {
  file: 'The same file',
  version: 'Version',
  name: 'Name',
  order: 'Place in the order',
};
export const adoptedSqlMarks: Readonly<Record<DifferenceKind, Mark>> = {
  same: { glyph: '✓', word: 'The same', tone: 'ok' },
  lineEndings: { glyph: '✓', word: 'The same', tone: 'ok' },
  comments: { glyph: '✓', word: 'The same', tone: 'ok' },
  sql: { glyph: '▲', word: 'Differs', tone: 'attention' },
  unknown: { glyph: '?', word: 'Not compared', tone: 'unknown' },
};
export const phaseWords: Readonly<Record<RunPhase, string>> = {
  prepare: 'Prepare',
  backup: 'Back up',
  check: 'Check the backup',
  copy: 'Make the copy',
  prove: 'Prove the backup',
  rehearse: 'Try on the copy',
  back: 'Roll back on the copy',
  lock: 'Lock',
  migrate: 'Migrate',
  restore: 'Restore beside',
  swap: 'Swap',
  verify: 'Verify',
  report: 'Report',
  hooksBefore: 'Hooks before',
  hooksAfter: 'Hooks after',
};
export const checkWords: Readonly<Record<ConnectionCheck['name'], string>> = {
  name: 'Host name',
  network: 'Network',
  ssh: 'SSH tunnel',
  tls: 'TLS',
  login: 'Login',
  database: 'Database',
  rights: 'Rights',
  dumpProgram: 'Dump program',
};
export const checkMarks: Readonly<Record<ConnectionCheck['outcome'], Mark>> = {
  passed: { glyph: '✓', word: 'Passed', tone: 'ok' },
  failed: { glyph: '✕', word: 'Failed', tone: 'danger' },
  warned: { glyph: '▲', word: 'Warning', tone: 'attention' },
  skipped: { glyph: '⊘', word: 'Skipped', tone: 'quiet' },
};

/** A history line's own word, which may come from any tool. */
export function markOfWord(word: string): Mark {
  const known: Readonly<Record<string, Mark>> = {
    ...outcomeMarks,
    ...stepMarks,
    ...migrationMarks,
    running: runningMark,
  };
  return known[word] ?? { glyph: '·', word, tone: 'quiet' };
}
