/** What `drizzle.config.*` says of the history table; it is a program, so only values written out in it are read. */
import type { TableName } from '../../engine/ports.ts';
import { nearest } from '../common/detecting.ts';

export const configNames = ['drizzle.config.ts', 'drizzle.config.js', 'drizzle.config.mjs', 'drizzle.config.json'];

/** Null: the defaults. */
export async function configuredTable(root: string): Promise<TableName | null> {
  const config = await nearest(root, configNames);
  const block = /["']?\bmigrations["']?\s*:\s*\{([^}]*)\}/.exec(config?.head ?? '')?.[1];
  if (block === undefined) return null;
  const written = (name: string) => new RegExp(`["']?\\b${name}["']?\\s*:\\s*["'\`]([^"'\`$]+)["'\`]`).exec(block)?.[1];
  const [table, schema] = [written('table'), written('schema')];
  if (table === undefined && schema === undefined) return null;
  return { schema: schema ?? null, name: table ?? defaultTable };
}

export const defaultTable = '__drizzle_migrations';
