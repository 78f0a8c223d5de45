/** What SQLite's own catalogue tells of a statement: tables that got other pages were written anew. */
import type { Session } from '../../engine/ports.ts';
import { nothingSeen, type StatementObserver } from '../observer.ts';

export function observe(session: Session): StatementObserver {
  /** First pages by table. */
  let before: ReadonlyMap<string, number> = new Map();
  /** Dropped: one that comes back under its name was rebuilt (sqlite.org/lang_altertable.html, section 7). */
  const gone = new Set<string>();

  async function pages(): Promise<ReadonlyMap<string, number>> {
    const rows = await session.query(
      "SELECT name, rootpage FROM main.sqlite_schema WHERE type = 'table' AND rootpage > 0",
    );
    return new Map(rows.map(({ name, rootpage }) => [String(name), Number(rootpage)]));
  }

  return {
    async before() {
      before = await pages();
    },
    async after() {
      const now = await pages();
      const rewritten = [...now].filter(([name, page]) =>
        before.has(name) ? before.get(name) !== page : gone.delete(name),
      );
      for (const name of before.keys()) if (!now.has(name)) gone.add(name);
      return { ...nothingSeen, rewritten: rewritten.map(([name]) => name) };
    },
    failed: () => undefined,
    isOwn: () => false,
  };
}
