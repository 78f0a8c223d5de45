/** How Flyway creates its table; the constraint is part of the statement, so that two runners may send it at once. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, TableName } from '../../engine/ports.ts';

export function createTable(engine: EngineId, dialect: Dialect, table: TableName): string[] {
  const quoted = dialect.quoteTable(table);
  const name = (text: string) => dialect.quoteIdentifier(text);
  const index = `${name(`${table.name}_s_idx`)}`;
  const key = `CONSTRAINT ${name(`${table.name}_pk`)} PRIMARY KEY (${name('installed_rank')})`;
  const columns = (more: { rank: string; checksum: string; time: string; success: string }) => [
    `${name('installed_rank')} INT NOT NULL${more.rank}`,
    `${name('version')} VARCHAR(50)`,
    `${name('description')} VARCHAR(200) NOT NULL`,
    `${name('type')} VARCHAR(20) NOT NULL`,
    `${name('script')} VARCHAR(1000) NOT NULL`,
    `${name('checksum')} ${more.checksum}`,
    `${name('installed_by')} VARCHAR(100) NOT NULL`,
    `${name('installed_on')} ${more.time}`,
    `${name('execution_time')} INT${engine === 'mysql' ? '' : 'EGER'} NOT NULL`,
    `${name('success')} ${more.success} NOT NULL`,
  ];
  const create = (parts: readonly string[]) =>
    `CREATE TABLE IF NOT EXISTS ${quoted} (\n    ${parts.join(',\n    ')}\n)`;
  switch (engine) {
    case 'postgres': {
      const time = 'TIMESTAMP NOT NULL DEFAULT now()';
      return [
        create([...columns({ rank: '', checksum: 'INTEGER', time, success: 'BOOLEAN' }), key]),
        `CREATE INDEX IF NOT EXISTS ${index} ON ${quoted} (${name('success')})`,
      ];
    }
    case 'mysql': {
      const time = 'TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP';
      const parts = columns({ rank: '', checksum: 'INT', time, success: 'BOOL' });
      return [create([...parts, key, `INDEX ${index} (${name('success')})`])];
    }
    case 'sqlite': {
      const time = `TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now'))`;
      // The index of a table in an attached database is named with that database.
      const home = table.schema === null ? index : `${name(table.schema)}.${index}`;
      return [
        create(columns({ rank: ' PRIMARY KEY', checksum: 'INT', time, success: 'BOOLEAN' })),
        `CREATE INDEX IF NOT EXISTS ${home} ON ${name(table.name)} (${name('success')})`,
      ];
    }
  }
}
