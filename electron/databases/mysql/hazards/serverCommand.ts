import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** Commands to the server itself. */
export const serverCommand: HazardRule<Parsed> = {
  code: 'serverCommand',
  category: 'externalEffect',
  look({ plain }, { traits }) {
    const found =
      /^(?:RESET|PURGE|CHANGE|STOP|START (?:SLAVE|REPLICA|GROUP_REPLICATION|ALL)|KILL|SHUTDOWN|RESTART|BINLOG)\b|^(?:CREATE|ALTER|DROP) (?:SERVER|TABLESPACE|LOGFILE|INSTANCE)\b/.exec(
        traits.kind === 'data' || traits.kind === 'query' ? '' : plain.slice(0, 80),
      );
    if (found === null) return null;
    return {
      severity: 'danger',
      message: `${found[0]} acts on the server itself: on every database and session it serves, and no rollback undoes it.`,
      remedy: 'Let whoever runs the servers do it.',
    };
  },
};
