import type { StatusMigration } from '../../shared/model/status.ts';
import { type Column, formatDuration, formatStatus, formatTime, statusStyle } from './format.ts';

/** A list of migrations with what became of them. */
export const statusColumns: readonly Column<StatusMigration>[] = [
  { title: 'Status', value: (row) => formatStatus(row.status), style: (row) => statusStyle(row.status) },
  { title: 'Version', value: (row) => row.version },
  { title: 'Name', value: (row) => row.metadata.description ?? row.name },
  { title: 'Applied', value: (row) => formatTime(row.appliedAt) },
  { title: 'By', value: (row) => row.appliedBy ?? '' },
  { title: 'Took', align: 'right', value: (row) => formatDuration(row.durationMs) },
];
