/** Nothing outlives its process here: who has the lock of the file knows that the interrupted run is over. */
import type { Aftermath } from '../../engine/ports.ts';

export const sqliteAftermath: Aftermath = {
  findSession: async () => null,
  endSession: async () => undefined,
  leftovers: async () => null,
  isUndoable: async () => true,
};
