/** PostgreSQL's own parser, loaded when it is first asked: it needs some time and memory. */
import type { SyntaxFault } from '../../engine/ports.ts';

/** Null when the statement is well formed. It is newer than many servers: what it refuses, they refuse too. */
export async function checkSyntax(statement: string): Promise<SyntaxFault | null> {
  const { parse, hasSqlDetails } = await import('libpg-query');
  try {
    await parse(statement);
    return null;
  } catch (thrown) {
    if (!hasSqlDetails(thrown)) throw thrown;
    const characters = thrown.sqlDetails?.cursorPosition ?? 0;
    return { message: thrown.message, position: [...statement].slice(0, characters).join('').length };
  }
}
