/** Reads a step's script as pieces ready to be sent. */
import type { Script } from '../../shared/model/migration.ts';
import type { Statement } from '../../shared/model/statement.ts';
import type { Unit } from './ports.ts';
import type { ScriptPieces } from './scriptPieces.ts';

export type ScriptUnit = Extract<Unit, { kind: 'statement' }> | { readonly kind: 'copyData'; readonly text: string };

export async function* readUnits(script: Script, execution: { pieces: ScriptPieces }): AsyncGenerator<ScriptUnit> {
  const toUnit = (statement: Statement): ScriptUnit => ({
    kind: 'statement',
    statement,
    sql: statement.text,
  });
  for await (const pieces of execution.pieces.read(script))
    for (const piece of pieces) yield piece.kind === 'statement' ? toUnit(piece.statement) : piece;
}

export type Reader = ReturnType<typeof createReader>;

/** A look-ahead of one over an async sequence: COPY data follows its statement and must be read while it is fed. */
export function createReader(units: AsyncGenerator<ScriptUnit>) {
  let ahead: ScriptUnit | null | undefined;
  async function peek(): Promise<ScriptUnit | null> {
    if (ahead === undefined) {
      const next = await units.next();
      ahead = next.done === true ? null : next.value;
    }
    return ahead;
  }
  async function next(): Promise<ScriptUnit | null> {
    const unit = await peek();
    ahead = undefined;
    return unit;
  }
  return {
    peek,
    next,
    async *copyData(): AsyncGenerator<string> {
      for (let unit = await peek(); unit?.kind === 'copyData'; unit = await peek()) {
        await next();
        yield unit.text;
      }
    },
  };
}
