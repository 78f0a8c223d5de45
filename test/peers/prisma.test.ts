import { appendFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import type { Peer, PeerLock, PeerPlace, PeerProject } from './peer.ts';
import { installPrisma, prismaConfiguration, prismaEnvironment, prismaVersion } from './prismaProgram.ts';
import { fileOf, sampleOf, without } from './projectFiles.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';
import { sleepingSql, untilAsleep, wake } from './sleeping.ts';

const peer: Peer = {
  tool: 'prisma',
  title: `Prisma ${prismaVersion}`,
  engines: ['postgres15', 'postgres18', 'sqlite'],
  install: installPrisma,
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
        env: { PATH: process.env.PATH, ...prismaEnvironment(missing) },
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

const configuration = ({ engine, url }: PeerPlace): string =>
  engine === 'sqlite'
    ? prismaConfiguration('sqlite', JSON.stringify(fileOf(url)))
    : prismaConfiguration('postgres', JSON.stringify(url));

roundTrip(peer);
