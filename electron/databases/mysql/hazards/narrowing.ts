/** Whether a column's new definition holds less than what it has now. */
import type { ColumnLayout } from '../../../engine/hazards.ts';
import type { ColumnDefinition } from '../columnDefinition.ts';

const integers = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'];
const texts = ['tinytext', 'text', 'mediumtext', 'longtext'];

/** In words; null where it holds as much. */
export function narrowing(now: ColumnLayout, column: ColumnDefinition): string | null {
  if (now.nullable && column.notNull) return 'may not be NULL any more';
  const [next] = column.types;
  if (next === undefined || next === now.type) return null;
  const [before, after] = [partsOf(now.type), partsOf(next)];
  const shorter = `becomes ${next} instead of ${now.type}`;
  if (isBelow(integers, after.name, before.name) || isBelow(texts, after.name, before.name)) return shorter;
  if (integers.includes(before.name) && before.name === after.name)
    return before.isUnsigned === after.isUnsigned ? null : shorter;
  if (before.name !== after.name)
    return integers.includes(after.name) && !integers.includes(before.name) ? shorter : null;
  if (before.name === 'enum' || before.name === 'set')
    return before.values.every((value) => after.values.includes(value)) ? null : shorter;
  const fewer = after.sizes.some((size, index) => size < (before.sizes[index] ?? 0));
  const fewerWhole = (after.sizes[0] ?? 0) - (after.sizes[1] ?? 0) < (before.sizes[0] ?? 0) - (before.sizes[1] ?? 0);
  return fewer || (before.name === 'decimal' && fewerWhole) ? shorter : null;
}

const isBelow = (order: readonly string[], one: string, other: string): boolean =>
  order.includes(one) && order.includes(other) && order.indexOf(one) < order.indexOf(other);

function partsOf(type: string) {
  const inside = /\((.*)\)/.exec(type)?.[1] ?? '';
  return {
    name: /^\w+/.exec(type)?.[0] ?? '',
    isUnsigned: type.includes('unsigned'),
    sizes: inside.split(',').map((part) => Number.parseInt(part, 10) || 0),
    values: [...inside.matchAll(/'(?:[^']|'')*'/g)].map(([value]) => value),
  };
}
