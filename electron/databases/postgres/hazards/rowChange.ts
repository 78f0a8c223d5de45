import type { Node, RangeVar } from 'libpg-query';
import { as } from './tree.ts';

/** The table whose rows a statement changes. */
export function changedTable(node: Node | null): RangeVar | null {
  const change = as(node, 'UpdateStmt') ?? as(node, 'DeleteStmt') ?? as(node, 'MergeStmt') ?? as(node, 'InsertStmt');
  return change?.relation ?? null;
}
