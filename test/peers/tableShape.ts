// A table as its engine describes it: what must be equal whoever made it.
import type { TableName } from '../../electron/engine/ports.ts';
import type { PeerPlace } from './peer.ts';

type Rows = Awaited<ReturnType<PeerPlace['query']>>;

/** Columns with type, nullability and default, then indexes. */
export async function tableShape(place: Pick<PeerPlace, 'engine' | 'query'>, table: TableName): Promise<Rows[]> {
  const shape: Rows[] = [];
  for (const sql of questions(place.engine, table)) shape.push(await place.query(sql));
  return shape;
}

function questions(engine: PeerPlace['engine'], { schema, name }: TableName): string[] {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  switch (engine) {
    case 'sqlite':
      return [
        `SELECT name, upper(type) AS type, "notnull", dflt_value, pk FROM pragma_table_info(${text(name)})`,
        `SELECT l."unique", l.origin, i.name FROM pragma_index_list(${text(name)}) l, pragma_index_info(l.name) i ORDER BY l.name, i.seqno`,
      ];
    case 'mariadb':
      return [
        `SELECT column_name AS name, column_type AS type, is_nullable AS nullable, column_default AS preset, extra, collation_name AS collation FROM information_schema.columns WHERE table_schema = database() AND table_name = ${text(name)} ORDER BY ordinal_position`,
        `SELECT index_name AS name, column_name AS part, non_unique AS multiple FROM information_schema.statistics WHERE table_schema = database() AND table_name = ${text(name)} ORDER BY index_name, seq_in_index`,
      ];
    default: {
      const where = schema === null ? 'current_schema()' : text(schema);
      return [
        `SELECT column_name AS name, udt_name AS type, character_maximum_length AS length, datetime_precision AS precision, is_nullable AS nullable, column_default AS preset FROM information_schema.columns WHERE table_schema = ${where} AND table_name = ${text(name)} ORDER BY ordinal_position`,
        `SELECT indexdef AS definition FROM pg_indexes WHERE schemaname = ${where} AND tablename = ${text(name)} ORDER BY 1`,
        `SELECT conname AS name, pg_get_constraintdef(c.oid) AS definition FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = ${where} AND t.relname = ${text(name)} ORDER BY 1`,
      ];
    }
  }
}
