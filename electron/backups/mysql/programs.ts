// Which dump program fits a server.
import { raise } from '../../../shared/problem.ts';
import type { ServerIdentity } from '../../engine/ports.ts';
import type { DumpProgram } from '../programs.ts';
import { compareVersions, majorOf, versionNumbers } from '../version.ts';

/**
 * MariaDB's program for MariaDB, Oracle's for MySQL: each leaves out or mistakes what only the other server has.
 * @throws {ProblemError} `backup.programMissing`, `backup.programTooOld`
 */
export function chooseDump(programs: readonly DumpProgram[], { product, version }: ServerIdentity): DumpProgram {
  const advice = adviceFor(product);
  const newest = programs.find((program) => program.engine === 'mysql' && program.product === product);
  if (newest === undefined) {
    const other = programs.find((program) => program.engine === 'mysql');
    const found = other === undefined ? '' : ` (${other.path} is ${other.product}'s, which does not fit)`;
    raise({
      code: 'backup.programMissing',
      message: `There is no dump program for ${product} on this computer${found}.`,
      hint: advice,
    });
  }
  if (majorOf(newest.version) >= majorOf(version)) return newest;
  return raise({
    code: 'backup.programTooOld',
    message: `${newest.name} ${newest.version} (${newest.path}) is too old for the server's ${product} ${version}.`,
    hint: advice,
  });
}

/** A warning when the program belongs to an older series than the server. */
export function olderSeries(program: DumpProgram, { product, version }: ServerIdentity): string | null {
  const series = versionNumbers(version).slice(0, 2).join('.');
  if (compareVersions(program.version, series) >= 0) return null;
  return `${program.name} ${program.version} is older than the server's ${product} ${version}: what is new in ${series} may be missing from a dump. The objects are counted, their definitions are not compared.`;
}

const adviceFor = (product: string): string =>
  product === 'MariaDB'
    ? "Install MariaDB's client programs of the server's version or newer (Debian and Ubuntu: package mariadb-client; macOS: brew install mariadb; Windows: MariaDB's installer)."
    : "Install MySQL's client programs of the server's version or newer (from dev.mysql.com's APT or YUM repository: package mysql-client; macOS: brew install mysql-client; Windows: MySQL's installer).";
