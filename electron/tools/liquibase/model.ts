/** A change set, whatever the format of its changelog. */
import type { Quoting, SqlTarget } from './changes/names.ts';
import type { ChangeNode } from './node.ts';

/** SQL with its place in the file that it comes from. */
export interface SqlPiece {
  readonly sql: string;
  readonly line: number;
  /** Absent: one statement that we wrote. */
  readonly written?: WrittenSql;
}

/** How its author wants SQL to be divided into statements. */
export interface WrittenSql {
  readonly split: boolean;
  /** Null: `;`. */
  readonly delimiter: string | null;
}

/** One change of a change set. */
export interface SetChange {
  readonly type: string;
  /** For the history table. */
  readonly description: string;
  /** Databases that it is for; null: all. */
  readonly dbms: string | null;
  /** Null: what Liquibase would compute is not proven to be what we would. */
  readonly checksum: string | null;
  /** @throws {Untranslatable} */
  up(target: SqlTarget): SqlPiece[];
  /** What undoes it; null: nothing does. @throws {Untranslatable} */
  down(target: SqlTarget): SqlPiece[] | null;
}

export interface ChangeSet {
  readonly id: string;
  readonly author: string;
  /** Part of its identity. */
  readonly path: string;
  /** Relative to the source's root. */
  readonly file: string;
  readonly line: number;
  readonly changes: readonly SetChange[];
  /** Null: what undoes its changes, last first. */
  readonly rollback: readonly SetChange[] | null;
  /** Names the change set whose changes roll it back. */
  readonly rollbackOf: { readonly id: string; readonly author: string; readonly path: string } | null;
  readonly comments: string;
  readonly contexts: readonly string[];
  readonly labels: readonly string[];
  readonly dbms: string | null;
  readonly runAlways: boolean;
  readonly runOnChange: boolean;
  readonly runInTransaction: boolean;
  readonly failOnError: boolean;
  /** Why Liquibase leaves it out: an attribute of its own or of what includes it. */
  readonly ignored: boolean;
  readonly validCheckSums: readonly string[];
  readonly preConditions: ChangeNode | null;
  readonly tag: string | null;
  readonly quoting: Quoting;
  readonly runOrder: 'first' | 'last' | null;
  /** What it asks for that is not supported, in words. */
  readonly refusals: readonly string[];
}

/** What a changelog hands down to what it includes. */
export interface Inherited {
  readonly contexts: readonly string[];
  readonly labels: readonly string[];
  readonly ignored: boolean;
  /** In the place of the file's own path. */
  readonly logicalPath: string | null;
}

/** What the history table has for a change set, in one text: `id::author::path`. */
export function keyOf(id: string, author: string, path: string): string {
  return [id, author, path]
    .map((part) => part.replaceAll('::', ':\\:'))
    .join('::')
    .replace(/(?:::)+$/, '');
}

export function partsOf(key: string): { id: string; author: string; path: string } {
  const [id = '', author = '', ...path] = key.split('::').map((part) => part.replaceAll(':\\:', '::'));
  return { id, author, path: path.join('::') };
}

/** DatabaseChangeLog.normalizePath: as paths are compared and stored. */
export function normalPath(path: string): string {
  return path
    .replace(/^classpath:/i, '')
    .replaceAll('\\', '/')
    .replace(/^[a-z]:(?=\/)/i, '')
    .replace(/^\/+/, '')
    .split('/')
    .reduce<string[]>((kept, part) => {
      if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
      else if (part !== '.' && part !== '') kept.push(part);
      return kept;
    }, [])
    .join('/');
}
