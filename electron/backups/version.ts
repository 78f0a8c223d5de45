// Versions of servers and programs: numbers with dots, compared from the left.

/** The leading numbers of a version: `15.18 (Debian …)` → 15, 18. */
export function versionNumbers(version: string): number[] {
  const numbers = /^\D*(?<numbers>\d+(?:\.\d+)*)/.exec(version)?.groups?.['numbers'];
  return numbers === undefined ? [] : numbers.split('.').map(Number);
}

export const majorOf = (version: string): number => versionNumbers(version)[0] ?? 0;

/** Negative: `a` is older. */
export function compareVersions(a: string, b: string): number {
  const left = versionNumbers(a);
  const right = versionNumbers(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
