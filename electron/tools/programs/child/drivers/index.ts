import type { Link } from './link.ts';
import { mysqlDriver } from './mysql.ts';
import { postgresDriver } from './postgres.ts';
import { sqliteDriver } from './sqlite.ts';

/** In place of the package that a library would connect with. */
export function standIn(link: Link): object {
  switch (link.engine) {
    case 'postgres':
      return postgresDriver(link);
    case 'mysql':
      return mysqlDriver(link);
    case 'sqlite':
      return sqliteDriver(link);
  }
}
