import type { Session } from '../engine/ports.ts';
import type { OpenSource } from './readSource.ts';
import { formatTable } from './readSource.ts';

/** The history table, the same whether its schema was given or not: tenants in schemas of their own have one each. */
export const historyName = ({ identity }: Session, { history: { table } }: OpenSource): string =>
  formatTable({ schema: table.schema ?? identity.schema, name: table.name });

/** One runner per database and history table; many tenant schemas may run side by side. */
export const lockName = (session: Session, source: OpenSource): string =>
  `lockkeeper ${session.identity.database} ${historyName(session, source)}`;
