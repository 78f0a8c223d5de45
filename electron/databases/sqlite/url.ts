/** URLs of SQLite files as the migration tools write them. */
import { resolve } from 'node:path';
import type { FileConnection } from '../../../shared/model/environment.ts';
import { raise } from '../../../shared/problem.ts';
import type { ParsedUrl } from '../driver.ts';

export const sqliteSchemes = ['sqlite', 'sqlite3', 'file', 'jdbc:sqlite'] as const;

const form = /^(?:jdbc:)?(?:sqlite3?|file):(\/\/)?(.*)$/is;

/**
 * `sqlite:PATH` and `jdbc:sqlite:PATH` hold the path as it is; `sqlite://RELATIVE`, `sqlite:///ABSOLUTE` and `file:`
 * are URLs, whose `%XX` are decoded. A relative path counts from the current directory.
 */
export function parseUrl(url: string): ParsedUrl<FileConnection> {
  const match = form.exec(url.trim());
  if (match === null) return refuse(`This is not the URL of a SQLite file: ${url}`);
  const [, slashes, rest = ''] = match;
  const isUrl = slashes !== undefined || /^file:/i.test(url.trim());
  const path = isUrl ? decoded(rest) : rest;
  if (path === '' || path.trim() !== path) return refuse('The URL names no file.');
  if (/:memory:/i.test(path)) return refuse('A database in memory cannot be reached by another program.');
  return { connection: { engine: 'sqlite', file: resolve(path) }, password: null };
}

export const formatUrl = (connection: FileConnection): string => `sqlite:${connection.file}`;

function decoded(text: string): string {
  if (/[?#]/.test(text)) return refuse('Options after the file name are not supported.');
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('The URL holds a % that begins no %XX.');
  }
}

const refuse = (message: string): never =>
  raise({
    code: 'environment.invalidUrl',
    message,
    hint: 'Write sqlite: and the path of the file, e.g. sqlite:/var/lib/app/app.db.',
  });
