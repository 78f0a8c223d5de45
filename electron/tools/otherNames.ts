/** Migrations of tools that are not known here, recognised so that a person is told what they are instead of nothing. */
import { headOf } from './common/detecting.ts';
import type { Folder } from './common/folder.ts';

interface OtherTool {
  /** Completes "These look like …". */
  readonly title: string;
  /** A file's or folder's name. */
  readonly named?: RegExp;
  /** The beginning of an SQL file. */
  readonly says?: RegExp;
}

const ownNames =
  'Copy them into a folder of our own format, as 1_name.up.sql and 1_name.down.sql, and mark what is applied with: lockkeeper baseline';

const others: readonly OtherTool[] = [
  { title: 'sql-migrate’s files', says: /^-- \+migrate (?:Up|Down)\b/m },
  { title: 'rambler’s files', says: /^-- rambler (?:up|down)\b/m },
  { title: 'tern’s files', says: /^---- create above \/ drop below ----/m },
  { title: 'pop’s files in fizz', named: /\.(?:up|down)\.fizz$/ },
  { title: 'yoyo’s files', named: /\.rollback\.sql$/ },
  { title: 'db-migrate’s files', named: /^(?:sqls|database\.json)$/ },
  { title: 'migrate-mongo’s project, which is for MongoDB', named: /^migrate-mongo-config\.[cm]?js$/ },
  { title: 'pairs of up and down files named by another rule', named: /[-_](?:up|down|rollback)\.sql$/i },
  { title: 'pairs in folders “up” and “down”', named: /^(?:up|down)$/ },
];

const filesLookedAt = 5;

/** What the files look like, and what to do; null when they look like nothing. */
export async function otherTool(
  root: string,
  { files, folders }: Pick<Folder, 'files' | 'folders'>,
): Promise<{ readonly title: string; readonly hint: string } | null> {
  const scripts = files.filter((name) => name.endsWith('.sql')).slice(0, filesLookedAt);
  const heads = await Promise.all(scripts.map((name) => headOf(root, name)));
  const found = others.find(
    ({ named, says }) =>
      [...files, ...folders].some((name) => named?.test(name) === true) ||
      heads.some((head) => head !== null && says?.test(head) === true),
  );
  return found === undefined ? null : { title: found.title, hint: ownNames };
}
