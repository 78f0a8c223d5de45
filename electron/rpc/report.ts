import { logger } from '../services/logger.ts';

/** For shells: writes to the log what failed outside of a call, where nobody waits for an answer. */
export const report = (thrown: unknown): void => logger.error('Failed outside of a call.', thrown);
