// Programs that come from Debian's packages, installed where that is allowed.
import { execFileSync } from 'node:child_process';
import { NotInstalled } from './install.ts';
import { runProgram } from './runProgram.ts';

/** @throws {NotInstalled} when `works`, the call that proves them to be there, fails even after an installation. */
export async function debianPackages(
  packages: readonly string[],
  works: readonly [string, ...string[]],
): Promise<string> {
  const [program, ...args] = works;
  const surroundings = { cwd: '/', env: { PATH: process.env.PATH } };
  const isThere = () =>
    runProgram(program, args, surroundings).then(
      () => true,
      () => false,
    );
  if (await isThere()) return '/';
  try {
    const options = ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends'];
    execFileSync('apt-get', [...options, ...packages], { stdio: 'ignore', timeout: 300_000 });
  } catch {
    // Told below.
  }
  if (await isThere()) return '/';
  throw new NotInstalled(`these Debian packages could not be installed: ${packages.join(' ')}`);
}
