/** Drizzle's own migrator, which its command line calls as well. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drivers, ofNpm } from './ofNpm.ts';
import { type BenchPeer, writeFiles } from './peer.ts';

const version = '0.45.4';
const firstTimestamp = 1_767_225_600_000;
const dialects = { postgres: 'postgresql', mariadb: 'mysql', sqlite: 'sqlite' } as const;

export const drizzle: BenchPeer = {
  id: 'drizzle-orm',
  transactions: 'all',
  install: () => ofNpm(version, { 'drizzle-orm': version, ...drivers }),
  async write({ engine, folder, migrations }) {
    const source = join(folder, 'drizzle');
    await mkdir(join(source, 'meta'), { recursive: true });
    // One statement at a time is what its driver for SQLite takes.
    const between = engine === 'sqlite' ? ';\n--> statement-breakpoint\n' : ';\n';
    for (const { version: stamp, statements } of migrations)
      await writeFile(join(source, `${stamp}.sql`), `${statements.join(between)};\n`);
    const entries = migrations.map(({ number, version: tag }) => ({
      ...{ idx: number - 1, version: '7', when: firstTimestamp + number, tag, breakpoints: true },
    }));
    await writeFiles(source, {
      'meta/_journal.json': JSON.stringify({ version: '7', dialect: dialects[engine], entries }),
    });
    await writeFiles(folder, { 'migrate.mjs': engine === 'sqlite' ? onFile : onServer[engine] });
  },
  program: ({ url, connection }) => ({
    file: process.execPath,
    arguments: ['migrate.mjs'],
    environment: {
      CONNECTION: connection.filename ?? (url.startsWith('mysql:') ? `${url}?multipleStatements=true` : url),
    },
  }),
};

const onFile = `import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
migrate(drizzle(process.env.CONNECTION), { migrationsFolder: 'drizzle' });
`;

const serverScript = (driver: string): string => `import { drizzle } from 'drizzle-orm/${driver}';
import { migrate } from 'drizzle-orm/${driver}/migrator';
const database = drizzle(process.env.CONNECTION);
await migrate(database, { migrationsFolder: 'drizzle' });
await database.$client.end();
`;

const onServer = { postgres: serverScript('node-postgres'), mariadb: serverScript('mysql2') };
