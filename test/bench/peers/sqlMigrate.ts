import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchPeer, ofDebian, type PeerRun, writeFiles } from './peer.ts';

const dialects = { postgres: 'postgres', mariadb: 'mysql', sqlite: 'sqlite3' } as const;

export const sqlMigrate: BenchPeer = {
  id: 'sql-migrate',
  transactions: 'each',
  compiled: true,
  install: () => ofDebian('sql-migrate', 'dpkg-query', '-W', 'sql-migrate'),
  async write({ engine, folder, migrations }) {
    const source = join(folder, 'migrations');
    await mkdir(source);
    for (const { version, sql } of migrations)
      await writeFile(join(source, `${version}-step.sql`), `-- +migrate Up\n${sql}\n-- +migrate Down\n`);
    const settings = ['bench:', `  dialect: ${dialects[engine]}`, `  datasource: \${SOURCE}`, '  dir: migrations', ''];
    await writeFiles(folder, { 'dbconfig.yml': settings.join('\n') });
  },
  program: (run) => ({
    file: 'sql-migrate',
    arguments: ['up', '-config=dbconfig.yml', '-env=bench'],
    environment: { SOURCE: sourceOf(run) },
  }),
};

function sourceOf({ engine, url, connection }: PeerRun): string {
  const { filename, host, port, user, password, database } = connection;
  if (filename !== undefined) return filename;
  return engine === 'postgres'
    ? `${url}?sslmode=disable`
    : `${user}:${password}@tcp(${host}:${port})/${database}?parseTime=true`;
}
