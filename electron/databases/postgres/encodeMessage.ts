// Units as bytes of the extended protocol, in one piece: a script may hold a hundred thousand statements.
// https://www.postgresql.org/docs/current/protocol-message-formats.html
import type { Unit } from '../../engine/ports.ts';

/** Rows given in the statement itself: done in a moment, and often thousands in a row. */
const quickInsert = /^\s*INSERT\s+INTO\s[^;']{1,300}?\bVALUES\b(?!.*\bRETURNING\b)/is;
/** Longer ones are not quick, and the expression above need not look through them. */
const quickLength = 2000;
/** Quick statements that share one answer of the server. */
const quickRun = 64;

/** What surrounds a script never takes long; the statement before it is answered first. */
const isQuick = ({ kind, sql }: Unit): boolean =>
  kind === 'control' || (sql.length <= quickLength && quickInsert.test(sql));

/** Messages of a fixed length: a type, four bytes of length, and text or numbers, here all of the unnamed portal. */
const fixed = (type: string, ...body: readonly number[]): Buffer =>
  Buffer.from([type.charCodeAt(0), 0, 0, 0, 4 + body.length, ...body]);

/** The unnamed portal and statement without parameters, with results as text. */
const bind = fixed('B', 0, 0, 0, 0, 0, 0, 0, 0);
const describePortal = fixed('D', 'P'.charCodeAt(0), 0);
/** All rows. */
const execute = fixed('E', 0, 0, 0, 0, 0);
/** Makes the server send what it has answered so far. */
const flush = fixed('H');
const sync = fixed('S');

/** Type, length, name of the statement (none), text, number of parameter types (none). */
const parseOverhead = 1 + 4 + 1 + 1 + 2;

/**
 * Every unit is parsed, bound and executed, and answered at once, but for a run of quick ones; without describing those,
 * which return no rows.
 */
export function encodeMessage(units: readonly Unit[]): Buffer {
  const quick = units.map(isQuick);
  const texts = units.map(({ sql }) => Buffer.byteLength(sql));
  const most = bind.length + describePortal.length + execute.length + flush.length + parseOverhead;
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, length) => sum + length + most, sync.length));
  const append = (message: Buffer): void => {
    end += message.copy(bytes, end);
  };
  let end = 0;
  let run = 0;
  for (const [index, { sql }] of units.entries()) {
    end = writeParse(bytes, end, sql, texts[index] ?? 0);
    append(bind);
    if (!quick[index]) append(describePortal);
    append(execute);
    run += 1;
    if (!quick[index] || run === quickRun || quick[index + 1] === false) {
      append(flush);
      run = 0;
    }
  }
  append(sync);
  return bytes.subarray(0, end);
}

function writeParse(bytes: Buffer, start: number, sql: string, length: number): number {
  let end = bytes.writeUInt8('P'.charCodeAt(0), start);
  end = bytes.writeInt32BE(parseOverhead - 1 + length, end);
  end = bytes.writeUInt8(0, end);
  end += bytes.write(sql, end, 'utf8');
  return bytes.writeInt16BE(0, bytes.writeUInt8(0, end));
}
