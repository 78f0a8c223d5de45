import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** Code that runs with somebody else’s rights. */
export const definer: HazardRule<Parsed> = {
  code: 'definer',
  category: 'breaksApplication',
  look({ plain }, { traits }) {
    if (traits.kind !== 'definition' || !plain.includes('DEFINER')) return null;
    const named = /^(?:CREATE|ALTER)\b.*? DEFINER = (?!CURRENT_USER\b)/.test(plain);
    if (!named) return null;
    return {
      severity: 'warning',
      message:
        'Names a DEFINER: it runs with that account’s rights. Where there is no such account it fails when it is used, and an account without SUPER (SET USER, SET_ANY_DEFINER) cannot restore it (error 1227).',
      remedy: 'Leave DEFINER out, or write SQL SECURITY INVOKER.',
    };
  },
};
