/** What a program's process and Lockkeeper say to each other. What comes from the process is hostile until it was checked. */
import { z } from 'zod';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Program } from '../../../shared/model/migration.ts';

/** All that the process needs to know; paths are absolute and real. */
export interface Start {
  readonly type: 'start';
  readonly main: string;
  readonly direction: 'up' | 'down';
  readonly calledWith: Program['calledWith'];
  /** SHA-256 of every file that may be loaded. */
  readonly code: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly packages: readonly string[];
  readonly before: readonly string[];
  readonly library: string | null;
  /** Names that the files import from the library; types among them. */
  readonly libraryNames: readonly string[];
  readonly engine: EngineId | null;
  /** A session answers its queries; else it only yields SQL. */
  readonly lent: boolean;
  /** The session is in a transaction, which is ended by its lender. */
  readonly inTransaction: boolean;
  /** The migration is to run in one, whoever begins it. */
  readonly wantsTransaction: boolean;
  /** Name of the database. */
  readonly database: string;
  /** Of the server: `MariaDB`, `MySQL` … */
  readonly product: string;
}

export type Cell = string | number | boolean | null;

export type ToChild =
  | Start
  | {
      readonly type: 'rows';
      readonly id: number;
      readonly rows: readonly Readonly<Record<string, Cell>>[];
      readonly affectedRows: number | null;
      /** The server's numbers of the columns' types, where it tells them. */
      readonly columnTypes: Readonly<Record<string, number>>;
    }
  | { readonly type: 'refused'; readonly id: number; readonly message: string; readonly code: string | null };

const place = z.object({ path: z.string(), line: z.number().int().min(1), column: z.number().int().min(1) });

/** Longest SQL and messages taken from a program, in characters. */
const sql = z.string().max(64 * 1024 * 1024);
const words = z.string().max(20_000);

const fromChild = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('query'),
    id: z.number().int(),
    sql,
    parameters: z.array(z.union([z.string(), z.number(), z.null()])).max(65_535),
    line: z.number().int().min(1),
  }),
  z.object({ type: z.literal('log'), message: words }),
  z.object({ type: z.literal('progress'), done: z.number().min(0), total: z.number().min(0) }),
  /** It ended. `sql`: what it yielded; null from a program that yields none. */
  z.object({ type: z.literal('done'), sql: sql.nullable(), transaction: z.boolean() }),
  /** Without a session it asked the database: its SQL is known only when it runs. */
  z.object({ type: z.literal('asks') }),
  /** There is no way back. */
  z.object({ type: z.literal('irreversible'), reason: words }),
  /** A file is not what was trusted. */
  z.object({ type: z.literal('changed'), path: words }),
  z.object({ type: z.literal('failed'), message: words, stack: words, place: place.nullable() }),
]);

export type FromChild = z.infer<typeof fromChild>;

/** Null for what no program of ours would say. */
export const checkMessage = (message: unknown): FromChild | null => fromChild.safeParse(message).data ?? null;
