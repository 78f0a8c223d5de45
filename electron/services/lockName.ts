import type { Session } from '../engine/ports.ts';
import type { OpenSource } from './readSource.ts';
import { formatTable } from './readSource.ts';

/** One runner per database and history table; many tenant schemas may run side by side. */
export const lockName = (session: Session, source: OpenSource): string =>
  `lockkeeper ${session.identity.database} ${formatTable(source.history.table)}`;
