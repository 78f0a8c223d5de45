// How each kind of statement is judged, by its first word.
import { TokenReader } from '../splitting/tokenReader.ts';
import type { Words } from '../splitting/words.ts';
import { alter, rename, truncate } from './alterJudgement.ts';
import { create } from './createJudgement.ts';
import { drop, revoked } from './dropJudgement.ts';
import { found, missing, quoteLiteral } from './effectSql.ts';
import { again, type Judge, type Judgement } from './judgement.ts';
import { mysqlLexicon } from './lexicon.ts';
import { pluginState } from './probeStates.ts';

/** In upper case. */
export const firstWordOf = (statement: string): string => new TokenReader(mysqlLexicon, statement).next()?.text ?? '';

export const judgementOf = (verb: string): Judge | undefined => {
  const judge = judges.get(verb);
  return judge === undefined
    ? undefined
    : (words, statement) => {
        words.next();
        return judge(words, statement);
      };
};

const againAfter =
  (...phrases: readonly string[]): Judge =>
  (words) =>
    words.oneOf(...phrases) === '' ? null : again;

const judges: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['CREATE', create],
  ['ALTER', alter],
  ['DROP', drop],
  ['RENAME', rename],
  ['TRUNCATE', truncate],
  ['GRANT', () => again],
  ['REVOKE', revoked],
  ['SET', againAfter('PASSWORD', 'DEFAULT ROLE')],
  ['ANALYZE', maintenance],
  ['CHECK', maintenance],
  ['OPTIMIZE', maintenance],
  ['REPAIR', maintenance],
  ['FLUSH', () => again],
  ['LOCK', againAfter('TABLES', 'TABLE')],
  ['UNLOCK', againAfter('TABLES', 'TABLE')],
  ['CACHE', againAfter('INDEX')],
  ['LOAD', againAfter('INDEX')],
  ['RESET', againAfter('QUERY CACHE')],
  ['BEGIN', (words) => (words.accept('NOT') ? null : again)],
  ['START', againAfter('TRANSACTION')],
  ['INSTALL', install],
  ['UNINSTALL', uninstall],
]);

function maintenance(words: Words): Judgement | null {
  words.oneOf('LOCAL', 'NO_WRITE_TO_BINLOG');
  return words.oneOf('TABLE', 'TABLES', 'VIEW') === '' ? null : again;
}

/** INSTALL PLUGIN name SONAME 'library', INSTALL SONAME 'library'. */
function install(words: Words): Judgement | null {
  const library = words.accept('SONAME') ? pluginsOf(words.text()) : pluginNamed(words);
  return { state: pluginState(library), effect: () => found('PLUGINS', library, "PLUGIN_STATUS = 'ACTIVE'") };
}

function uninstall(words: Words): Judgement | null {
  const library = words.accept('SONAME') ? pluginsOf(words.text()) : pluginNamed(words);
  return { state: pluginState(library), effect: () => missing('PLUGINS', library, "PLUGIN_STATUS = 'ACTIVE'") };
}

const pluginsOf = (library: string): string =>
  `PLUGIN_LIBRARY IN (${quoteLiteral(library)}, ${quoteLiteral(`${library}.so`)}, ${quoteLiteral(`${library}.dll`)})`;

function pluginNamed(words: Words): string {
  words.expect('PLUGIN');
  words.oneOf('IF NOT EXISTS', 'IF EXISTS');
  return `PLUGIN_NAME = ${quoteLiteral(words.name())}`;
}
