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
  const [path = '', options = ''] = text.split('?', 2);
  if (text.includes('#')) return refuse('The URL holds a #: written %23 it is part of the file’s name.');
  // A database that another connection shares, or that nobody may write, is no database to migrate.
  if (/(?:^|&)(?:mode=(?:memory|ro)|immutable=1)/i.test(options))
    return refuse('The URL’s options open no file that can be written.');
  try {
    return decodeURIComponent(path);
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
