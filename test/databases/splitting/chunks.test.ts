import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMysqlSplitter } from '../../../electron/databases/mysql/splitter.ts';
import { createPostgresSplitter } from '../../../electron/databases/postgres/splitter.ts';
import type { CreateSplitter } from '../../../electron/databases/splitting/splitter.ts';
import { createSqliteSplitter } from '../../../electron/databases/sqlite/splitter.ts';
import type { ScriptPiece } from '../../../shared/model/statement.ts';
import { type Problem, problemFrom } from '../../../shared/problem.ts';
import { debris, scriptOf } from './fragments.ts';

const dialects: readonly (readonly [string, CreateSplitter])[] = [
  ['PostgreSQL', createPostgresSplitter],
  ['MySQL', createMysqlSplitter],
  ['SQLite', createSqliteSplitter],
];

interface Outcome {
  readonly pieces: readonly ScriptPiece[];
  readonly problem: Problem | undefined;
}

function split(create: CreateSplitter, chunks: readonly string[]): Outcome {
  const splitter = create({ path: 'V1__x.sql', firstLine: 3, firstColumn: 5 });
  const pieces: ScriptPiece[] = [];
  try {
    for (const chunk of chunks) pieces.push(...splitter.push(chunk));
    pieces.push(...splitter.finish());
    return { pieces, problem: undefined };
  } catch (thrown) {
    return { pieces, problem: problemFrom(thrown) };
  }
}

/** The text cut at the given places, in shares of its length. */
function cut(text: string, shares: readonly number[]): string[] {
  const places = [0, ...shares.map((share) => Math.round(share * text.length)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((place, index) => text.slice(places[index], place));
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe.each(dialects)('a %s script in chunks', (_, create) => {
  const agreesWithOneChunk = (text: string, chunks: readonly string[]) => {
    const whole = split(create, [text]);
    const inChunks = split(create, chunks);
    expect(inChunks.problem).toEqual(whole.problem);
    // What a chunk yields before its problem is not returned.
    if (whole.problem === undefined) expect(inChunks.pieces).toEqual(whole.pieces);
    else expect(inChunks.problem?.code).toMatch(/^script\./);
  };

  test('yields the same wherever the chunks end', () => {
    fc.assert(
      fc.property(scriptOf(debris), cuts, (text, shares) => agreesWithOneChunk(text, cut(text, shares))),
      { numRuns: 1_000 },
    );
  });

  test('yields the same one character at a time', () => {
    fc.assert(
      fc.property(scriptOf(debris), (text) => agreesWithOneChunk(text, text.split(''))),
      { numRuns: 1_000 },
    );
  });

  test('yields statements that are parts of the text, at their place, in order', () => {
    fc.assert(
      fc.property(scriptOf(debris), (text) => {
        const { pieces } = split(create, [text]);
        const lines = `\n\n    ${text.replace(/^\ufeff/, '')}`.split(/\r\n|\n|\r/);
        const statements = pieces.flatMap((piece) => (piece.kind === 'statement' ? [piece.statement] : []));
        expect(statements.map((statement) => statement.index)).toEqual(statements.map((_, index) => index));
        for (const statement of statements) {
          const from = [lines[statement.line - 1]?.slice(statement.column - 1), ...lines.slice(statement.line)].join(
            '\n',
          );
          expect(from.startsWith(statement.text.replace(/\r\n?/g, '\n'))).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
