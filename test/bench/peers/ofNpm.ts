/** Packages of the npm registry, by exact version. */
import { npmPackages } from '../../peers/install.ts';
import type { Installed } from './peer.ts';

/** The drivers that peers of Node use, and Lockkeeper and the limit, too. */
export const drivers = { pg: '8.23.1', mysql2: '3.24.5', 'better-sqlite3': '13.2.0' } as const;

/** @param overrides as in package.json, where what a package asks for has no binary in the registry */
export async function ofNpm(
  version: string,
  packages: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string>> = {},
): Promise<Installed> {
  return { folder: await npmPackages(packages, overrides), version };
}
