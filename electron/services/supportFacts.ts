/** What of runs, backups and problems may leave this computer: named one by one, so that nothing new slips through. */
import type { Backup } from '../../shared/model/backup.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import type { Problem } from '../../shared/problem.ts';

/** Messages may quote scripts and servers, and these people's data. */
export const bareProblem = ({ code, path, line, column, serverMessage }: Problem) => ({
  code,
  path,
  line,
  column,
  serverMessageLength: serverMessage?.length ?? 0,
});

export const bareBackup = (backup: Backup) => ({
  id: backup.id,
  environment: backup.environment,
  engine: backup.engine,
  level: backup.level,
  takenAt: backup.takenAt,
  durationMs: backup.durationMs,
  bytes: backup.bytes,
  covers: backup.covers,
  format: backup.format,
  encrypted: backup.encrypted,
  objects: backup.objects,
  program: backup.program,
  serverVersion: backup.serverVersion,
  checkedAt: backup.checkedAt,
  problem: backup.problem === null ? null : bareProblem(backup.problem),
});

export const bareRecord = (record: RunRecord) => ({
  seq: record.seq,
  at: record.at,
  type: record.type,
  ...factsOf(record),
});

function factsOf(record: RunRecord): object {
  switch (record.type) {
    case 'runStarted': {
      const { id, action, environment, actor, host } = record.origin;
      const steps = record.steps.map(({ version, action: what, statements, transactional }) => ({
        version,
        action: what,
        statements,
        transactional,
      }));
      return { id, action, environment, actor, host, steps };
    }
    case 'phaseStarted':
    case 'phaseFinished':
      return { phase: record.phase };
    case 'backupFinished':
      return { backup: bareBackup(record.backup) };
    case 'backupProgress':
      return { bytes: record.bytes, totalBytes: record.totalBytes };
    case 'restoreProgress':
      return { bytes: record.bytes };
    case 'restoreChanged':
      return { stage: record.restore.stage, placement: record.restore.placement };
    case 'stepStarted':
      return { step: record.step };
    case 'statementProgress':
      return { step: record.step, done: record.done, total: record.total, line: record.line };
    case 'resultSet':
      return {
        step: record.step,
        line: record.line,
        columns: record.result.columns.length,
        rows: record.result.rowCount,
      };
    case 'notice':
      return { step: record.step, severity: record.severity, length: record.message.length };
    case 'warning':
      return { length: record.message.length };
    case 'stepFinished': {
      const { step, outcome, durationMs, statements, problem } = record;
      return { step, outcome, durationMs, statements, problem: problem === null ? null : bareProblem(problem) };
    }
    case 'runFinished':
      return { outcome: record.outcome, problem: record.problem === null ? null : bareProblem(record.problem) };
    default:
      return {};
  }
}
