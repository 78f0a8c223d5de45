import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** A library’s code runs inside the server. */
export const loadsLibrary: HazardRule<Parsed> = {
  code: 'loadsLibrary',
  category: 'externalEffect',
  look({ plain }, { traits }) {
    if (traits.kind !== 'definition') return null;
    const isFunction = /^CREATE\b.* SONAME\b/.test(plain);
    if (!isFunction && !/^(?:INSTALL|UNINSTALL)\b/.test(plain)) return null;
    return {
      severity: 'danger',
      message: `${isFunction ? 'CREATE FUNCTION … SONAME' : traits.verb} makes the server run, or stop running, a library’s code for everybody on it: a fault in it ends the server.`,
      remedy: 'Let whoever runs the servers do it.',
    };
  },
};
