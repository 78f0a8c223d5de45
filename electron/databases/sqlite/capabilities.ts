import type { Capabilities } from '../../engine/ports.ts';

export const sqliteCapabilities: Capabilities = {
  transactionalDdl: true,
  runnerLock: 'session',
  renameDatabase: false,
  multiStatementMessages: true,
  maxMessageBytes: 512 * 1024,
  copyFromStdin: false,
  dumps: true,
};
