import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ofNpm } from './ofNpm.ts';
import type { BenchPeer } from './peer.ts';

const version = '2.36.0';

export const dbmate: BenchPeer = {
  id: 'dbmate',
  transactions: 'each',
  compiled: true,
  install: () => ofNpm(version, { dbmate: version }),
  leftOut: (engine, workload) =>
    engine === 'sqlite' && workload === 'inserts' ? 'on SQLite its time grows with the square of the statements' : null,
  // It reads the files that are there already.
  write: async () => undefined,
  program: ({ url, source, installed }) => ({
    file: programIn(installed),
    arguments: ['--url', urlOf(url), '-d', source, '--no-dump-schema', 'migrate'],
  }),
};

/** The path that the package's own launcher finds. */
function programIn(installed: string): string {
  const { resolveBinary } = createRequire(join(installed, 'package.json'))('dbmate') as { resolveBinary(): string };
  return resolveBinary();
}

const urlOf = (url: string): string => (url.startsWith('postgres:') ? `${url}?sslmode=disable` : url);
