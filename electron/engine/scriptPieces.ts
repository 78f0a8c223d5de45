/** Scripts as their statements and COPY data. What was analysed is what is sent: short ones are read and split once. */
import type { Script } from '../../shared/model/migration.ts';
import type { ScriptPiece } from '../../shared/model/statement.ts';
import { createDirectiveReader } from './directives.ts';
import { insertValues, type Placeholders } from './placeholders.ts';
import type { ScriptReader, SqlText } from './ports.ts';

/** Bytes of a script that is kept, and of all that are kept together: a plan may hold thousands. */
const keptBytes = 8 * 1024 * 1024;
const keptTogether = 32 * 1024 * 1024;

export interface ScriptPieces {
  /**
   * In order, in lists of what was found together.
   * @throws {ProblemError} as the reader and the splitter do.
   */
  read(script: Script): AsyncGenerator<readonly ScriptPiece[]>;
}

type Lists = readonly (readonly ScriptPiece[])[];

/** Pieces of short scripts. Those without placeholders are the same for every database that gets them. */
export class KeptPieces {
  readonly #lists = new WeakMap<Script, Lists>();
  #free = keptTogether;

  find(script: Script): Lists | undefined {
    return this.#lists.get(script);
  }

  hasRoomFor({ bytes }: Script): boolean {
    return bytes <= Math.min(keptBytes, this.#free);
  }

  /** While there is room. */
  keep(script: Script, lists: Lists): void {
    if (!this.hasRoomFor(script) || this.#lists.has(script)) return;
    this.#free -= script.bytes;
    this.#lists.set(script, lists);
  }
}

/** `shared`: of databases that get the same scripts. */
export function createScriptPieces(
  scripts: ScriptReader,
  sql: Pick<SqlText, 'createSplitter' | 'placeholdersIn'>,
  placeholders: Placeholders,
  shared: KeptPieces = new KeptPieces(),
): ScriptPieces {
  const own = new KeptPieces();

  async function* split(script: Script): AsyncGenerator<readonly ScriptPiece[]> {
    const splitter = sql.createSplitter({ path: script.path, firstLine: script.line });
    const prepare = preparing(script);
    for await (const chunk of scripts.read(script)) yield prepare(splitter.push(chunk));
    yield prepare(splitter.finish());
    prepare(null);
  }

  /** Statements as they will be sent: with their directives, and with values for placeholders. Null: there are no more. */
  function preparing(script: Script): (pieces: readonly ScriptPiece[] | null) => readonly ScriptPiece[] {
    const directives = script.directives === undefined ? null : createDirectiveReader(script);
    if (directives === null && script.placeholders !== true) return (pieces) => pieces ?? [];
    return (pieces) => {
      if (pieces === null) directives?.end();
      return (pieces ?? []).map((piece) => {
        if (piece.kind !== 'statement') return piece;
        const directed = directives?.apply(piece.statement) ?? piece.statement;
        const statement = script.placeholders === true ? insertValues(directed, script, sql, placeholders) : directed;
        return statement === piece.statement ? piece : { ...piece, statement };
      });
    };
  }

  async function* splitAndKeep(script: Script, kept: KeptPieces): AsyncGenerator<readonly ScriptPiece[]> {
    const lists: (readonly ScriptPiece[])[] = [];
    for await (const pieces of split(script)) {
      lists.push(pieces);
      yield pieces;
    }
    kept.keep(script, lists);
  }

  return {
    async *read(script) {
      const kept = script.placeholders === true ? own : shared;
      const known = kept.find(script);
      if (known !== undefined) yield* known;
      else yield* kept.hasRoomFor(script) ? splitAndKeep(script, kept) : split(script);
    },
  };
}
