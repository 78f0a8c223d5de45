/** What a table's size makes of a hazard. The thresholds of all engines are here. */
import type { Hazard } from '../../../../shared/model/plan.ts';
import type { TableSize } from '../../../engine/hazards.ts';

/** Bytes with indexes: below `small` work on all rows takes moments; from `large` on it takes minutes or more. */
export const sizeLimits = { small: 10_000_000, large: 1_000_000_000 } as const;

/** Of work whose time grows with the table. An unknown size is taken for a middle one. */
export function gradeBySize(size: TableSize | null): Hazard['severity'] {
  if (size === null) return 'warning';
  if (size.bytes >= sizeLimits.large) return 'danger';
  return size.bytes >= sizeLimits.small ? 'warning' : 'notice';
}

/** `1.2 GB, about 3,000,000 rows`. */
export function sizeWords(size: TableSize | null): string {
  if (size === null) return 'of unknown size';
  const rows = size.rows === null ? '' : `, about ${size.rows.toLocaleString('en-US')} rows`;
  return `${megabytes(size.bytes)}${rows}`;
}

function megabytes(bytes: number): string {
  if (bytes >= sizeLimits.large) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : 'less than 1 MB';
}
