// Prisma's command line with its WebAssembly engine and driver adapters: its native engine is not in the registry, and on
// MySQL this one fails by itself.
import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import { npmPackages } from './install.ts';
import type { Peer, PeerLock, PeerPlace, PeerProject } from './peer.ts';
import { fileOf, sampleOf, without } from './projectFiles.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';
import { sleepingSql, untilAsleep, wake } from './sleeping.ts';

const version = '6.19.0';

const peer: Peer = {
  tool: 'prisma',
  title: `Prisma ${version}`,
  engines: ['postgres15', 'postgres18', 'sqlite'],
  install: () =>
    npmPackages(
      { prisma: version, '@prisma/adapter-pg': version, '@prisma/adapter-better-sqlite3': version, pg: '8.23.1' },
      { 'better-sqlite3': '13.2.0' },
    ),
  open,
};

const keys = ['20260105090000_create_rooms', '20260112090000_create_meetings', '20260119090000_index_meetings'];

async function open(place: PeerPlace): Promise<PeerProject> {
  await cp(join(samples, 'prisma', sampleOf(place.engine)), place.folder, { recursive: true });
  const schema = join(place.folder, 'schema.prisma');
  await writeFile(schema, (await readFile(schema, 'utf8')).replace(/(provider = .*)/, '$1\n  url = "unused"'));
  await writeFile(join(place.folder, 'prisma.config.mjs'), configuration(place));
  const missing = join(place.folder, 'no-native-engine');
  await appendFile(missing, '');
  const prisma = (command: string) =>
    runProgram(
      process.execPath,
      [
        join(place.installed, 'node_modules/prisma/build/index.js'),
        'migrate',
        command,
        '--config',
        'prisma.config.mjs',
      ],
      {
        cwd: place.folder,
        env: {
          PATH: process.env.PATH,
          CHECKPOINT_DISABLE: '1',
          PRISMA_HIDE_UPDATE_MESSAGE: '1',
          PRISMA_QUERY_ENGINE_LIBRARY: missing,
          PRISMA_SCHEMA_ENGINE_BINARY: missing,
        },
      },
    );
  const source = join(place.folder, 'migrations');
  return {
    source,
    table: { schema: null, name: '_prisma_migrations' },
    keys,
    up: (count = keys.length) => without(source, keys.slice(count), () => prisma('deploy')),
    takesOurRollback: true,
    async applied() {
      const [, pending = ''] = (await prisma('status').catch(String)).split('have not yet been applied');
      return keys.filter((key) => !pending.includes(key));
    },
    upToDate: async () => expect(await prisma('status')).toContain('Database schema is up to date!'),
    ...(place.engine === 'sqlite' ? {} : { lock: lockOf(place, source, () => prisma('deploy')) }),
  };
}

function lockOf(place: PeerPlace, source: string, deploy: () => Promise<string>): PeerLock {
  return {
    isKeptOut: () => expect(deploy()).rejects.toThrow(/P1002|advisory lock/),
    async whileItRuns(work) {
      await mkdir(join(source, '20260101000000_wait'));
      await writeFile(join(source, '20260101000000_wait/migration.sql'), `${sleepingSql(place)};\n`);
      const running = deploy().catch(() => undefined);
      await untilAsleep(place);
      await work();
      await wake(place);
      await running;
    },
  };
}

function configuration({ engine, url }: PeerPlace): string {
  const [name, from, options] =
    engine === 'sqlite'
      ? ['PrismaBetterSQLite3', '@prisma/adapter-better-sqlite3', { url: `file:${fileOf(url)}` }]
      : ['PrismaPg', '@prisma/adapter-pg', { connectionString: url, allowExitOnIdle: true }];
  return `import Result from 'pg/lib/result.js';
import { ${name} } from '${from}';
// Its engine asks for columns of the type "name", which this version of its adapter does not know: they are text.
const { addFields } = Result.prototype;
Result.prototype.addFields = function (fields) {
  for (const field of fields) if (field.dataTypeID === 19) field.dataTypeID = 25;
  return addFields.call(this, fields);
};
export default {
  experimental: { adapter: true },
  engine: 'js',
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  adapter: async () => new ${name}(${JSON.stringify(options)}),
};
`;
}

roundTrip(peer);
