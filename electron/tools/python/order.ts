/** Migrations that name those before them, in an order that keeps to it. */

export interface Node {
  readonly key: string;
  /** Keys; unknown ones count as done. */
  readonly after: readonly string[];
}

/** In the given order where nothing speaks against it. `circle`: those that wait for each other, at the end. */
export function inOrder<N extends Node>(nodes: readonly N[]): { sorted: N[]; circle: readonly N[] } {
  const waiting = new Map<string, number>();
  const next = new Map<string, N[]>();
  const known = new Set(nodes.map(({ key }) => key));
  for (const node of nodes) {
    const before = [...new Set(node.after)].filter((key) => known.has(key));
    waiting.set(node.key, before.length);
    for (const key of before) next.set(key, [...(next.get(key) ?? []), node]);
  }
  const sorted: N[] = [];
  const ready = nodes.filter(({ key }) => waiting.get(key) === 0);
  for (let node = ready.shift(); node !== undefined; node = ready.shift()) {
    sorted.push(node);
    const freed = (next.get(node.key) ?? []).filter(({ key }) => {
      const left = (waiting.get(key) ?? 0) - 1;
      waiting.set(key, left);
      return left === 0;
    });
    ready.unshift(...freed);
  }
  const done = new Set(sorted);
  const circle = nodes.filter((node) => !done.has(node));
  return { sorted: [...sorted, ...circle], circle };
}

/** These and everything that they come after. */
export function withAncestors(keys: readonly string[], nodes: readonly Node[]): Set<string> {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const found = new Set<string>();
  const open = [...keys];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (found.has(key)) continue;
    found.add(key);
    open.push(...(byKey.get(key)?.after ?? []));
  }
  return found;
}
