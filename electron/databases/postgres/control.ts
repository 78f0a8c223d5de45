import type { StepControl } from '../../engine/ports.ts';
import { probe } from './probe.ts';

export const control: StepControl = {
  // DISCARD ALL in parts: it would also free the lock. In a transaction of its own, because some of them take a snapshot:
  // in the one that a following BEGIN would join, a script could no longer choose its isolation level.
  resetSession: [
    'BEGIN',
    'CLOSE ALL',
    'RESET SESSION AUTHORIZATION',
    'RESET ROLE',
    'RESET ALL',
    'DEALLOCATE ALL',
    'UNLISTEN *',
    'DISCARD TEMP',
    'DISCARD SEQUENCES',
    'COMMIT',
  ],
  begin: ['BEGIN'],
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  // What waits for the commit is done under the script's own settings, as it would be there.
  beforeCommit: ['SET CONSTRAINTS ALL IMMEDIATE'],
  home: ['RESET SESSION AUTHORIZATION', 'RESET ROLE', 'RESET search_path'],
  freeTables: '',
  limitStatements: (ms) => ({ set: `SET statement_timeout = ${ms}`, lift: 'RESET statement_timeout' }),
  keepsTransaction: async () => false,
  probe,
};
