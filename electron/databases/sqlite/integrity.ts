/** What SQLite's own checks find: `integrity_check` says "ok" of references to rows that are not there, so both are asked. */
import type { Session } from '../../engine/ports.ts';
import type { IntegrityFinding } from '../integrity.ts';

/** Bytes of a file up to which all of it is read for this. */
const checkedBytes = 64 * 1024 * 1024;

export async function findIntegrity(session: Session): Promise<IntegrityFinding[]> {
  const [size] = await session.query(
    'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()',
  );
  if (Number(size?.['bytes']) > checkedBytes) return [];
  const dangling = await session.query(
    'SELECT "table" AS name, parent, count(*) AS found FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2',
  );
  const damage = await session.query(
    "SELECT quick_check AS found FROM pragma_quick_check(5) WHERE quick_check <> 'ok'",
  );
  return [
    ...dangling.map(({ name, parent, found }) => ({
      key: `reference ${name} ${parent}`,
      message: `${found} rows of ${name} refer to rows of ${parent} that are not there.`,
    })),
    ...damage.map(({ found }) => ({ key: `damage ${found}`, message: `The file is damaged: ${found}.` })),
  ];
}
