/** Reading the tree of PostgreSQL's own parser. */
import type { AlterTableCmd, ColumnDef, Constraint, Node, RangeVar } from 'libpg-query';

type Kinds<N> = N extends unknown ? keyof N : never;
export type Kind = Kinds<Node>;
type Inner<K extends Kind> = Extract<Node, Record<K, unknown>>[K];

/** What a node holds if it is of that kind. */
export function as<K extends Kind>(node: Node | null | undefined, kind: K): Inner<K> | undefined {
  if (node === null || node === undefined || !(kind in node)) return undefined;
  return Reflect.get(node, kind) as Inner<K>;
}

export const all = <K extends Kind>(nodes: readonly Node[] | undefined, kind: K): Inner<K>[] =>
  (nodes ?? []).flatMap((node) => as(node, kind) ?? []);

/** The parts of a name. */
export const words = (nodes: readonly Node[] | undefined): string[] =>
  all(nodes, 'String').map(({ sval }) => sval ?? '');

/** Schema, if written, and name. */
export function relationOf(parts: readonly string[]): RangeVar {
  const [relname = '', schemaname] = [...parts].reverse();
  return schemaname === undefined ? { relname, inh: true } : { relname, schemaname, inh: true };
}

export interface Alteration {
  readonly relation: RangeVar;
  readonly commands: readonly AlterTableCmd[];
}

/** Of ALTER TABLE, and of its like for materialized views. */
export function alterationOf(node: Node | null): Alteration | null {
  const alter = as(node, 'AlterTableStmt');
  if (alter?.relation === undefined) return null;
  if (alter.objtype !== 'OBJECT_TABLE' && alter.objtype !== 'OBJECT_MATVIEW') return null;
  return { relation: alter.relation, commands: all(alter.cmds, 'AlterTableCmd') };
}

/** Columns that it adds. */
export const addedColumns = ({ commands }: Alteration): ColumnDef[] =>
  commands.flatMap(({ subtype, def }) => (subtype === 'AT_AddColumn' ? (as(def, 'ColumnDef') ?? []) : []));

/** Constraints that it adds, apart from those written at columns. */
export const addedConstraints = ({ commands }: Alteration): Constraint[] =>
  commands.flatMap(({ subtype, def }) => (subtype === 'AT_AddConstraint' ? (as(def, 'Constraint') ?? []) : []));

export const columnConstraints = (column: ColumnDef): Constraint[] => all(column.constraints, 'Constraint');

/** Calls `visit` for every object in the tree that is of this kind. */
function visitAll<K extends Kind>(tree: unknown, kind: K, visit: (found: Inner<K>) => void): void {
  if (Array.isArray(tree)) for (const one of tree) visitAll(one, kind, visit);
  else if (typeof tree === 'object' && tree !== null) {
    const found = as(tree as Node, kind);
    if (found !== undefined) visit(found);
    for (const value of Object.values(tree)) visitAll(value, kind, visit);
  }
}

/** Names of functions that it calls, without their schemas. */
export function calledFunctions(tree: unknown): string[] {
  const names: string[] = [];
  visitAll(tree, 'FuncCall', ({ funcname }) => names.push(words(funcname).at(-1) ?? ''));
  return names;
}
