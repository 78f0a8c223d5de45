import type { Delimiter, Dialect, ScriptContext } from '../splitting/dialect.ts';
import { lineCommentEnd, unclosed } from '../splitting/lexicon.ts';
import { splitterFor } from '../splitting/scriptSplitter.ts';
import type { CreateSplitter } from '../splitting/splitter.ts';
import { clientWordAt, LONGEST_CLIENT_WORD, passBackslash, refuseClientWord } from './clientCommands.ts';
import { mysqlLexicon } from './lexicon.ts';
import { MysqlTracker } from './tracker.ts';

/** Splits MySQL and MariaDB scripts, with DELIMITER as in the mysql client and without it as the server does. */
export const createMysqlSplitter: CreateSplitter = splitterFor((script) => new MysqlDialect(script));

class MysqlDialect implements Dialect {
  readonly lexicon = mysqlLexicon;
  readonly tracker: MysqlTracker;
  readonly #script: ScriptContext;
  delimiter: Delimiter | undefined;

  constructor(script: ScriptContext) {
    this.#script = script;
    this.tracker = new MysqlTracker(script);
  }

  directive(text: string, at: number, final: boolean): number {
    // Like the client, and unlike the server, takes two dashes for a comment whatever follows them.
    if (text.startsWith('--', at)) return lineCommentEnd(text, at, final, /\n/g);
    if (!final && text.length - at <= LONGEST_CLIENT_WORD) return unclosed;
    const word = clientWordAt(text, at);
    if (word === undefined) return at;
    if (word !== 'delimiter') return refuseClientWord(this.#script, word, at);
    return this.#setDelimiter(text, at, final);
  }

  command(text: string, at: number, final: boolean): number {
    return passBackslash(this.#script, text, at, final);
  }

  /** Reads the rest of a DELIMITER line, which the client cuts at white space unless it is quoted. */
  #setDelimiter(text: string, at: number, final: boolean): number {
    const next = lineCommentEnd(text, at, final, /[\n\r]/g);
    if (next === unclosed) return unclosed;
    const argument = /^delimiter\s*(?:(['"`])(.*?)\1|(\S+))/i.exec(text.slice(at, next));
    const delimiter = argument?.[2] ?? argument?.[3] ?? '';
    if (delimiter === '' || delimiter.includes('\\')) {
      this.#script.refuse(at, {
        code: 'script.unterminated',
        message: delimiter === '' ? 'DELIMITER names no delimiter.' : 'A DELIMITER cannot contain a backslash.',
        hint: 'Write what shall end statements after it on the same line, such as DELIMITER $$.',
      });
    }
    this.delimiter = delimiter === ';' ? undefined : { text: delimiter, setAt: this.#script.locate(at) };
    this.tracker.delimited = this.delimiter !== undefined;
    return next;
  }
}
