/** Which of the two servers it is, and since when it can do something. */

export interface ServerVersion {
  /** False where it is the other product, too. */
  isMariadb(major: number, minor: number, patch?: number): boolean;
  isMysql(major: number, minor: number, patch?: number): boolean;
}

/** What no server was asked of is judged as an old MySQL: it can do the least. */
export function mysqlVersionOf(server: {
  readonly product: string | null;
  readonly version: string | null;
}): ServerVersion {
  const numbers = (server.version ?? '').split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const reached = (...wanted: readonly number[]): boolean => {
    const at = wanted.findIndex((number, index) => number !== (numbers[index] ?? 0));
    return at < 0 || (numbers[at] ?? 0) > (wanted[at] ?? 0);
  };
  return {
    isMariadb: (major, minor, patch = 0) => server.product === 'MariaDB' && reached(major, minor, patch),
    isMysql: (major, minor, patch = 0) => server.product === 'MySQL' && reached(major, minor, patch),
  };
}
