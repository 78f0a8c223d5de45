/** Control statements around the steps of a run. */
import type { StepControl } from '../../engine/ports.ts';
import { probe } from './probe.ts';

/**
 * Answered by the worker itself: it puts the connection back to the state it had when opened, whatever
 * pragmas, temporary tables or attached files a script left behind.
 */
export const resetStatement = "SELECT 'lockkeeper: reset session'";

/** Answered by the worker itself: fails when rows were lost, or when more than before refer to others that do not exist. */
export const checkReferences = "SELECT 'lockkeeper: check references'";

/** Answered by the worker itself: rows that a step loses are no failure of it. */
export const acceptLostRows = "SELECT 'lockkeeper: accept lost rows'";

export const sqliteControl: StepControl = {
  resetSession: [resetStatement],
  acceptLostRows,
  // Immediate: a transaction that begins by reading fails at its first write when another connection wrote meanwhile.
  begin: ['BEGIN IMMEDIATE'],
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  beforeCommit: [checkReferences],
  // The dialect names the schema of every table.
  home: [],
  freeTables: '',
  limitStatements: () => null,
  keepsTransaction: async () => false,
  probe,
};
