import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** What holds for every database and session of the server. */
export const serverSetting: HazardRule<Parsed> = {
  code: 'serverSetting',
  category: 'externalEffect',
  look({ plain }, { traits }) {
    if (traits.kind !== 'session' && traits.verb !== 'SET AUTOCOMMIT') return null;
    const name =
      /\b(?:GLOBAL|PERSIST|PERSIST_ONLY) (\w+) :? ?=/.exec(plain)?.[1] ??
      /@@(?:GLOBAL|PERSIST|PERSIST_ONLY) ?\. ?(\w+)/.exec(plain)?.[1];
    if (name === undefined || !plain.startsWith('SET ')) return null;
    return {
      severity: 'danger',
      message: `Sets ${name.toLowerCase()} for the whole server: every database and new session on it, until somebody sets it back${plain.includes('PERSIST') ? '' : ' or the server restarts'}. Rolling back does not.`,
      remedy: 'Set it for the session, or in the server’s configuration.',
    };
  },
};
