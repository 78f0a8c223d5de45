/** A status report as one column of the matrix. Pure. */
import { createHash } from 'node:crypto';
import {
  type ExtraCell,
  type KnownColumn,
  type ListedMigration,
  type MigrationList,
  statusCodes,
} from '../../shared/model/matrix.ts';
import type { Run, RunStep } from '../../shared/model/run.ts';
import type { StatusMigration, StatusReport } from '../../shared/model/status.ts';

export function toColumn(report: StatusReport): { readonly list: MigrationList; readonly column: KnownColumn } {
  const { migrations, tool } = report;
  const inFolder = migrations.filter(hasFile);
  const listed = inFolder.map(toListed);
  const id = createHash('sha256')
    .update(JSON.stringify([tool, listed]))
    .digest('base64url')
    .slice(0, 22);
  const withChecksums = migrations.some(({ checksum }) => checksum !== null);
  return {
    list: { id, tool, migrations: listed },
    column: {
      list: id,
      source: report.source,
      statuses: inFolder.map(({ status }) => statusCodes[status]).join(''),
      extra: migrations.flatMap((migration, index) => toExtra(migration, migrations[index - 1])),
      current: report.current,
      pending: report.pending,
      changed: withChecksums ? report.counts.changed : null,
      readAt: report.readAt,
    },
  };
}

const hasFile = ({ path }: StatusMigration): boolean => path !== null;

const toListed = ({ version, historyKey, name, kind }: StatusMigration): ListedMigration => ({
  version,
  historyKey,
  name,
  kind,
});

const toExtra = (migration: StatusMigration, before: StatusMigration | undefined): ExtraCell[] =>
  hasFile(migration)
    ? []
    : [
        {
          migration: toListed(migration),
          code: statusCodes[migration.status],
          after: before?.historyKey ?? null,
        },
      ];

/** The column while a run goes on: its steps as they are now, before the history is read again. */
export function withRun(column: KnownColumn, list: MigrationList, run: Run): KnownColumn {
  const codes = new Map(run.steps.flatMap((step) => codeOf(step)));
  if (codes.size === 0) return column;
  const statuses = list.migrations.map(({ version }, index) => codes.get(version) ?? column.statuses.charAt(index));
  return { ...column, statuses: statuses.join('') };
}

function codeOf({ version, action, state, outcome }: RunStep): (readonly [string, string])[] {
  if (action !== 'apply' && action !== 'revert') return [];
  if (state === 'running') return [[version, statusCodes.running]];
  if (outcome === 'succeeded') return [[version, action === 'apply' ? statusCodes.applied : statusCodes.pending]];
  return outcome === 'unknown' ? [[version, statusCodes.interrupted]] : [];
}
