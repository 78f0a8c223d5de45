// libpq's other form of a connection string: `host=db.example.org dbname='my shop' user=deploy`.
// https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYVALUE
import { invalidUrl } from '../common/networkUrl.ts';

export const isKeyValues = (text: string): boolean => /^\s*[a-z_]+\s*=/i.test(text);

/** @throws {ProblemError} `environment.invalidUrl` */
export function readKeyValues(text: string): Map<string, string> {
  const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?:\s+|$)/iy;
  const found = new Map<string, string>();
  while (pair.lastIndex < text.length) {
    const parts = pair.exec(text);
    if (parts === null) {
      return invalidUrl(
        'The connection string is not of the form name=value name=value.',
        "Put a value with spaces in quotes: dbname='my shop'; write ' and \\ with a backslash before them.",
      );
    }
    found.set((parts[1] ?? '').toLowerCase(), (parts[2] ?? parts[3] ?? '').replace(/\\(.)/gs, '$1'));
  }
  return found;
}
