/** What hazard rules ask of an SQLite file, in one round trip. */
import { type CatalogueFacts, type HazardExtent, noFacts, type Reference } from '../../engine/hazards.ts';
import type { Session } from '../../engine/ports.ts';

const tables = "SELECT name FROM main.sqlite_schema WHERE type = 'table'";
const references =
  'SELECT lower(f."table") AS parent, m.name AS child, f.on_delete AS on_delete FROM main.sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS f WHERE m.type = \'table\'';
const settings =
  'SELECT foreign_keys, page_count * page_size AS bytes FROM pragma_foreign_keys, pragma_page_count, pragma_page_size';

/** SQLite tells no table's size without reading all of it: each is as big as the file at most. */
export async function readFacts(session: Session, extent: HazardExtent): Promise<CatalogueFacts> {
  if (extent === 'mustAccept') return noFacts;
  const [names, links, [set]] = await Promise.all([
    session.query(tables),
    session.query(references),
    session.query(settings),
  ]);
  const referring = Map.groupBy(links, (row) => String(row['parent']));
  const bytes = Number(set?.['bytes']);
  const { product, version } = session.identity;
  return {
    product,
    version,
    timeZone: null,
    settings: new Map([['foreign_keys', String(set?.['foreign_keys'])]]),
    tables: new Map(
      names.map((row) => {
        const name = String(row['name']).toLowerCase();
        const referredBy = (referring.get(name) ?? []).map(
          (link): Reference => ({ table: String(link['child']), onDelete: String(link['on_delete']) }),
        );
        return [name, { rows: null, bytes, referredBy }] as const;
      }),
    ),
  };
}
