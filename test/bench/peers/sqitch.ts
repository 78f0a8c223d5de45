import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchPeer, ofDebian, type PeerRun, writeFiles } from './peer.ts';

export const sqitch: BenchPeer = {
  id: 'sqitch',
  transactions: 'apart',
  install: () => ofDebian('sqitch, libdbd-pg-perl, libdbd-mysql-perl and libdbd-sqlite3-perl', 'sqitch', '--version'),
  async write({ folder, migrations }) {
    await mkdir(join(folder, 'deploy'));
    for (const { version, sql } of migrations)
      await writeFile(join(folder, 'deploy', `step_${version}.sql`), `BEGIN;\n${sql}COMMIT;\n`);
    const changes = migrations.map(({ version }) => `step_${version} 2026-01-05T09:00:00Z A <a@example.org> # A step.`);
    const plan = ['%syntax-version=1.0.0', '%project=bench', '', ...changes, ''];
    await writeFiles(folder, { 'sqitch.plan': plan.join('\n'), 'sqitch.conf': '[core]\n\tengine = pg\n' });
  },
  program: (run) => ({
    file: 'sqitch',
    arguments: ['deploy', '--no-verify', ...targetOf(run)],
    environment: {
      HOME: run.folder,
      SQITCH_FULLNAME: 'A',
      SQITCH_EMAIL: 'a@example.org',
      SQITCH_PASSWORD: run.connection.password ?? '',
    },
  }),
};

/** On MariaDB all databases of a server would share one registry: this one has it in itself. */
function targetOf({ engine, connection: { filename, user, host, port, database = '' } }: PeerRun): readonly string[] {
  if (filename !== undefined) return [`db:sqlite:${filename}`];
  const kind = engine === 'mariadb' ? 'mysql' : 'pg';
  const target = `db:${kind}://${user}@${host}:${port}/${database}`;
  return engine === 'mariadb' ? ['--registry', database, target] : [target];
}
