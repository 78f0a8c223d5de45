/** Changes that are turned into SQL from their fields: their types, and one of them as a change of a change set. */
import type { SetChange, SqlPiece } from '../model.ts';
import { type ChangeNode, isUnsure } from '../node.ts';
import { type Change, type ChangeType, changeChecksum, changeDescription, changeOf } from './change.ts';
import { columnChanges } from './columnChanges.ts';
import { constraints } from './constraints.ts';
import { data } from './data.ts';
import type { SqlTarget } from './names.ts';
import { objects } from './objects.ts';
import { tables } from './tables.ts';

const types: Readonly<Record<string, ChangeType>> = {
  ...tables,
  ...columnChanges,
  ...constraints,
  ...objects,
  ...data,
};

export const isTyped = (name: string): boolean => Object.hasOwn(types, name);

/** @throws {Untranslatable} */
export function typedChange(node: ChangeNode): SetChange {
  const type = typeNamed(node.name);
  const change = changeOf(node, type);
  return {
    type: node.name,
    description: changeDescription(change),
    dbms: change.fields['dbms'] ?? null,
    checksum: isUnsure(node) ? null : changeChecksum(change, type),
    up: (target) => pieces(change, target),
    down: (target) => {
      const undone = type.inverse?.(change) ?? null;
      return undone === null ? null : undone.flatMap((one) => pieces(one, target));
    },
  };
}

const pieces = (change: Change, target: SqlTarget): SqlPiece[] =>
  typeNamed(change.type)
    .sql(change, target)
    .map((sql) => ({ sql, line: change.line }));

function typeNamed(name: string): ChangeType {
  const type = types[name];
  if (type === undefined) throw new Error(`no change type ${name}`);
  return type;
}
