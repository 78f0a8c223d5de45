// postgrator's library, which has no command line of its own that knows every driver.
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import { npmPackages } from './install.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { fileOf, sampleOf } from './projectFiles.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';

const version = '8.0.0';

const peer: Peer = {
  tool: 'postgrator',
  title: `postgrator ${version}`,
  engines: ['postgres15', 'postgres18', 'mariadb', 'sqlite'],
  install: () => npmPackages({ postgrator: version, pg: '8.23.1', mysql2: '3.24.5', 'better-sqlite3': '13.2.0' }),
  open,
};

const keys = ['1', '2', '3'];

async function open(place: PeerPlace): Promise<PeerProject> {
  const source = join(place.folder, 'migrations');
  await cp(join(samples, 'postgrator', sampleOf(place.engine)), source, { recursive: true });
  const program = join(place.folder, 'migrate.mjs');
  await writeFile(program, programFor(place, source));
  const run = async (...command: readonly string[]): Promise<{ version: number; ran: number }> => {
    const output = await runProgram(process.execPath, [program, ...command], {
      cwd: place.folder,
      env: { PATH: process.env.PATH },
    });
    return JSON.parse(output) as { version: number; ran: number };
  };
  const currentVersion = async () => (await run('version')).version;
  return {
    source,
    table: { schema: null, name: 'schemaversion' },
    keys,
    up: (count = keys.length) => run('migrate', String(count)),
    down: async () => run('migrate', String((await currentVersion()) - 1)),
    applied: async () => keys.slice(0, await currentVersion()),
    // It compares checksums first.
    upToDate: async () => expect(await run('migrate', 'max')).toMatchObject({ ran: 0 }),
  };
}

function programFor({ engine, url }: PeerPlace, source: string): string {
  const driver = engine === 'mariadb' ? 'mysql' : engine === 'sqlite' ? 'sqlite3' : 'pg';
  return `import Postgrator from 'postgrator';
${connectors[driver](engine === 'sqlite' ? fileOf(url) : url.replace(/^mariadb:/, 'mysql:'))}
const postgrator = new Postgrator({
  migrationPattern: ${JSON.stringify(join(source, '*'))},
  driver: '${driver}',
  database: ${JSON.stringify(engine === 'sqlite' ? undefined : new URL(url).pathname.slice(1))},
  execQuery,
  ...(typeof execSqlScript === 'undefined' ? {} : { execSqlScript }),
});
const [command, target] = process.argv.slice(2);
const ran = command === 'migrate' ? await postgrator.migrate(target) : [];
console.log(JSON.stringify({ version: await postgrator.getDatabaseVersion(), ran: ran.length }));
await end();
`;
}

/** As its guide has people write them. */
const connectors: Readonly<Record<'pg' | 'mysql' | 'sqlite3', (address: string) => string>> = {
  pg: (address) => `import pg from 'pg';
const client = new pg.Client(${JSON.stringify(address)});
await client.connect();
const execQuery = (query) => client.query(query);
const end = () => client.end();`,
  mysql: (address) => `import mysql from 'mysql2/promise';
const connection = await mysql.createConnection({ uri: ${JSON.stringify(address)}, multipleStatements: true });
const execQuery = async (query) => ({ rows: (await connection.query(query))[0] });
const end = () => connection.end();`,
  sqlite3: (address) => `import Sqlite from 'better-sqlite3';
const database = new Sqlite(${JSON.stringify(address)});
const execQuery = async (query) => {
  const statement = database.prepare(query);
  return { rows: statement.reader ? statement.all() : (statement.run(), []) };
};
const execSqlScript = async (script) => database.exec(script);
const end = async () => database.close();`,
};

roundTrip(peer);
