/** Whether scripts stay in the database that they run in: only such are tried on a copy, whose login may reach others. */
import type { Script } from '../../shared/model/migration.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import type { ScratchDatabases } from '../databases/scratch.ts';
import type { ScriptPieces } from '../engine/scriptPieces.ts';
import { formatTable, type OpenSource } from './readSource.ts';
import { toolTables } from './schemaSnapshots.ts';

export interface BeyondReach {
  /** 1-based, in the script's file. */
  readonly line: number;
  /** What the statement does there, in words. */
  readonly does: string;
}

/** The first statement that leaves it; null: none. A program's are known only when it runs. */
export async function firstBeyond(
  script: Script,
  pieces: ScriptPieces,
  scratch: ScratchDatabases,
): Promise<BeyondReach | null> {
  if (script.kind === 'program') return null;
  for await (const found of pieces.read(script))
    for (const piece of found) {
      if (piece.kind !== 'statement') continue;
      const does = scratch.leaves(piece.statement.text);
      if (does !== null) return { line: piece.statement.line, does };
    }
  return null;
}

/** A history that is not in the database itself would be the real one on a copy, too. Null: it is in it. */
export function historyElsewhere(source: OpenSource, { home }: ScratchDatabases): Problem | null {
  const outside =
    home === undefined ? undefined : toolTables(source).find(({ schema }) => schema !== null && schema !== home);
  if (outside === undefined) return null;
  return {
    code: 'rehearsal.noCopy',
    message: `${source.tool.title} keeps ${formatTable(outside)} outside of the database: from a copy the real one would be written.`,
    state: nothingChanged,
    hint: 'It cannot be tried on a copy. Try it with the tool’s own program on another server, or go on without.',
  };
}
