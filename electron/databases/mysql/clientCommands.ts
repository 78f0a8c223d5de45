import type { ScriptContext } from '../splitting/dialect.ts';
import { unclosed } from '../splitting/lexicon.ts';

const deleteLine = 'Delete this line: it concerns the mysql client only.';
const endPlainly = 'End the statement with ; instead.';
const include = "Replace this line by the included file's statements.";
const outside = 'Delete this line, and do outside the migration what it did on your computer.';

/** What to do instead of a command of the mysql client, by its name. None of the names can begin a statement. */
const clientWords: ReadonlyMap<string, string> = new Map([
  ['source', include],
  ['system', outside],
  ['edit', outside],
  ['connect', 'Delete this line: the environment decides server and database.'],
  ['go', endPlainly],
  ['ego', endPlainly],
  ['charset', 'Use SET NAMES instead.'],
  ...[
    'clear',
    'exit',
    'notee',
    'nopager',
    'nowarning',
    'pager',
    'print',
    'prompt',
    'quit',
    'rehash',
    'status',
    'tee',
    'warnings',
  ].map((name) => [name, deleteLine] as const),
]);

const backslashCommands: ReadonlyMap<string, string> = new Map([
  ['g', endPlainly],
  ['G', endPlainly],
  ['.', include],
  ['!', outside],
  ['e', outside],
  ['u', 'Use the statement USE instead, or delete this line: the environment decides the database.'],
  ['d', 'Use DELIMITER on a line of its own instead.'],
]);

const clientWord = new RegExp(`(?:delimiter|${[...clientWords.keys()].join('|')})(?![\\w$:])`, 'iy');

/** Length of the longest word that the client takes for itself: DELIMITER. */
export const LONGEST_CLIENT_WORD = 9;

/** The word at `at`, in lower case, if the client and not the server understands what begins with it. */
export function clientWordAt(text: string, at: number): string | undefined {
  clientWord.lastIndex = at;
  return clientWord.test(text) ? text.slice(at, clientWord.lastIndex).toLowerCase() : undefined;
}

export function refuseClientWord(script: ScriptContext, word: string, at: number): never {
  return refuse(script, word, clientWords.get(word) ?? deleteLine, at);
}

/** Judges a backslash outside quotes: MariaDB's `\N` is NULL, all else is for the client. */
export function passBackslash(script: ScriptContext, text: string, at: number, final: boolean): number {
  if (!final && at + 1 === text.length) return unclosed;
  const name = text.slice(at + 1, at + 2);
  if (name === 'N') return at + 2;
  return refuse(script, `\\${name}`, backslashCommands.get(name) ?? deleteLine, at);
}

function refuse(script: ScriptContext, command: string, hint: string, at: number): never {
  const message = `${command} is a command of the mysql client, not SQL that the server understands.`;
  return script.refuse(at, { code: 'script.clientCommand', message, hint });
}
