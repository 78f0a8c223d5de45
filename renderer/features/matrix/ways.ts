/** Where Enter and P lead from a place in the matrix. Pure. */
import { statusAt } from '../../../shared/model/matrixRows.ts';
import type { Route } from '../../router.ts';
import { openStatuses, type SummaryFact } from './layout.ts';
import { matrixTexts as texts } from './matrixTexts.ts';
import type { Found } from './place.ts';

interface OpenTarget {
  readonly what: 'migration' | 'environment' | SummaryFact;
  readonly route: Route;
}

/** Null: there is nothing to open. */
export function openTarget({ column, row, pinned }: Found): OpenTarget | null {
  if (column?.kind !== 'environment') return null;
  const { id } = column.summary.environment;
  const tab = (name: 'plan' | 'schema' | 'attention') => ({ screen: 'environment', id, tab: name, run: null }) as const;
  if (row?.kind === 'migration') {
    const version = row.project.rows[row.row]?.version;
    const status = statusAt(row.project, row.row, column.column);
    if (version === undefined || status === 'absent' || status === 'unread') return null;
    return { what: 'migration', route: { screen: 'migration', id, version } };
  }
  switch (pinned) {
    case 'environments':
      return { what: 'environment', route: tab('plan') };
    case 'pending':
      return { what: 'pending', route: tab('plan') };
    case 'drift':
      return { what: 'drift', route: tab('schema') };
    case 'checksums':
      return { what: 'checksums', route: tab('attention') };
    default:
      return null;
  }
}

/** What would be planned. */
export interface Goal {
  readonly environmentIds: readonly string[];
  /** Null: all that is pending. */
  readonly to: string | null;
}

/** Selected environments, else the one of the cell: up to its migration where that is still open. */
export function goalAt({ column, row }: Found, selected: readonly string[]): Goal | null {
  if (selected.length > 0) return { environmentIds: selected, to: null };
  if (column?.kind !== 'environment' || column.summary.environment.source === null) return null;
  const environmentIds = [column.summary.environment.id];
  if (row?.kind !== 'migration') return { environmentIds, to: null };
  const migration = row.project.rows[row.row];
  const isOpen = openStatuses.has(statusAt(row.project, row.row, column.column));
  return { environmentIds, to: isOpen && migration?.kind === 'versioned' ? migration.version : null };
}

export function routeOfGoal({ environmentIds, to }: Goal): Route {
  const [id, ...others] = environmentIds;
  if (id === undefined || others.length > 0) return { screen: 'plans', ids: environmentIds };
  return { screen: 'migrate', id, target: to === null ? { direction: 'up' } : { direction: 'up', to } };
}

export const planLabel = ({ environmentIds, to }: Goal): string =>
  to === null ? texts.planSelected(environmentIds.length) : texts.planTo(to);
