import type { HazardContext, HazardRule } from '../../../engine/hazards.ts';
import { blocksWrites, stronger } from './lockModes.ts';
import { locksOf } from './locks.ts';
import type { Parsed } from './parse.ts';
import { changedTable } from './rowChange.ts';
import { type KnownTable, knownTable } from './tables.ts';

/** Locks of one transaction add up: whoever takes them in another order meets it in a deadlock. The last rule: it remembers what is held. */
export const severalLocks: HazardRule<Parsed> = {
  code: 'severalLocks',
  category: 'locksReads',
  look(parsed, context) {
    const { script } = parsed;
    if (!script.isOpen) return null;
    const taken = locksOf(parsed.node, context)
      .map(({ relation, mode }) => ({ mode, table: knownTable(relation, context) }))
      .filter(({ table }) => !table.isUnused);
    const exclusive = taken.filter(({ mode }) => mode === 'ACCESS EXCLUSIVE').map(({ table }) => table);
    const others = [...script.locks].filter(
      ([key, { mode }]) => blocksWrites(mode) && exclusive.some((one) => one.key !== key),
    );
    const raised = exclusive.find(({ key }) => script.locks.get(key)?.mode === 'ROW EXCLUSIVE');
    remember(parsed, taken, context);
    if (script.told.has('severalLocks') || (others.length === 0 && raised === undefined)) return null;
    script.told.add('severalLocks');
    return raised === undefined ? addsUp(others, exclusive) : raises(raised, script.locks.get(raised.key)?.line ?? 1);
  },
};

function remember(
  { node, script }: Parsed,
  taken: readonly { readonly mode: Parameters<typeof stronger>[0]; readonly table: KnownTable }[],
  context: HazardContext,
): void {
  const written = changedTable(node);
  const table = written === null ? null : knownTable(written, context);
  const all = table === null || table.isUnused ? taken : [...taken, { mode: 'ROW EXCLUSIVE' as const, table }];
  for (const { mode, table: one } of all) {
    const before = script.locks.get(one.key);
    script.locks.set(one.key, {
      mode: before === undefined ? mode : stronger(mode, before.mode),
      line: before?.line ?? context.statement.line,
    });
  }
}

const addsUp = (
  others: readonly (readonly [string, { readonly line: number }])[],
  exclusive: readonly KnownTable[],
) => ({
  severity: 'notice' as const,
  message: `Locks ${exclusive.map(({ name }) => name).join(' and ')} under ACCESS EXCLUSIVE while the same transaction holds ${others.map(([key, { line }]) => `${key} (line ${line})`).join(' and ')}: an application that uses them in another order meets it in a deadlock, and all of them wait until the end.`,
  remedy:
    'One table per migration; or lock all of them first, in the order in which the application uses them, with a lock_timeout.',
});

const raises = ({ name }: KnownTable, line: number) => ({
  severity: 'warning' as const,
  message: `Line ${line} of the same transaction writes to ${name}, which is now locked under ACCESS EXCLUSIVE: two sessions that raise a lock like that wait for each other, and one of them fails.`,
  remedy: `Change the table in a migration of its own, or lock it at the beginning of this one.`,
});
