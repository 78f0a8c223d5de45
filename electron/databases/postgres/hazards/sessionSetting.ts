import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { as } from './tree.ts';

/** Settings that say only how long to wait, or what is printed. */
const harmless =
  /^(?:client_encoding|client_min_messages|standard_conforming_strings|xmloption|application_name|extra_float_digits)$/;

/** SET without LOCAL holds for what the session does afterwards, too. */
export const sessionSetting: HazardRule<Parsed> = {
  code: 'sessionSetting',
  category: 'sessionSetting',
  look({ node }) {
    const set = as(node, 'VariableSetStmt');
    if (set === undefined || set.is_local === true || (set.kind !== 'VAR_SET_VALUE' && set.kind !== 'VAR_SET_MULTI'))
      return null;
    const name = set.name ?? '';
    if (harmless.test(name) || name.startsWith('TRANSACTION')) return null;
    const isRole = name === 'role' || name === 'session_authorization';
    const isReplica = name === 'session_replication_role';
    return {
      severity: isRole || isReplica ? 'warning' : 'notice',
      message: `SET ${name} holds for the rest of the session: for the migrations after this one, and behind a pooler for other clients${isReplica ? '. It switches triggers and foreign keys off' : ''}.`,
      remedy: 'SET LOCAL ends with the transaction.',
      rewrite: `SET LOCAL ${name} = …;`,
    };
  },
};
