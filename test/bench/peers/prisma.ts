/** Its command line with the engine of WebAssembly: the native one is not in the registry. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installPrisma, prismaConfiguration, prismaEnvironment, prismaVersion } from '../../peers/prismaProgram.ts';
import { type BenchPeer, writeFiles } from './peer.ts';

const providers = { postgres: 'postgresql', mariadb: 'mysql', sqlite: 'sqlite' } as const;

export const prisma: BenchPeer = {
  id: 'prisma',
  transactions: 'apart',
  install: async () => ({ folder: await installPrisma(), version: prismaVersion }),
  leftOut(engine, workload) {
    if (engine === 'mariadb') return 'its engine that is in the registry fails on MySQL and MariaDB by itself';
    return workload === 'inserts' ? 'it refuses a database that has a table before its first migration' : null;
  },
  async write({ engine, folder, migrations }) {
    const provider = providers[engine];
    for (const { version, sql } of migrations) {
      const step = join(folder, 'migrations', `${version}_step`);
      await mkdir(step, { recursive: true });
      await writeFile(join(step, 'migration.sql'), sql);
    }
    await writeFiles(folder, {
      'migrations/migration_lock.toml': `provider = "${provider}"\n`,
      'schema.prisma': `datasource db {\n  provider = "${provider}"\n  url = "unused"\n}\n`,
      'prisma.config.mjs': prismaConfiguration(engine === 'sqlite' ? 'sqlite' : 'postgres', 'process.env.ADDRESS'),
      'no-native-engine': '',
    });
  },
  program: ({ installed, folder, url, connection: { filename } }) => ({
    file: process.execPath,
    arguments: [
      ...[join(installed, 'node_modules/prisma/build/index.js'), 'migrate', 'deploy'],
      ...['--config', 'prisma.config.mjs'],
    ],
    environment: { ...prismaEnvironment(join(folder, 'no-native-engine')), ADDRESS: filename ?? url },
  }),
};
