import type { StepControl } from '../../engine/ports.ts';
import { probe } from './probe.ts';

export const control: StepControl = {
  // DISCARD ALL in parts: it would also free the lock, and no transaction may be around it.
  resetSession: [
    'CLOSE ALL',
    'RESET SESSION AUTHORIZATION',
    'RESET ROLE',
    'RESET ALL',
    'DEALLOCATE ALL',
    'UNLISTEN *',
    'DISCARD TEMP',
    'DISCARD SEQUENCES',
  ],
  begin: ['BEGIN'],
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  probe,
};
