import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { python } from '../../peers/python.ts';
import { type BenchPeer, ofDebian, type PeerRun } from './peer.ts';

export const yoyo: BenchPeer = {
  id: 'yoyo',
  transactions: 'each',
  install: () =>
    ofDebian(
      'yoyo, python3-psycopg2 and python3-pymysql',
      python,
      '-c',
      'import psycopg2, pymysql, yoyo; print(yoyo.__version__)',
    ),
  async write({ folder, migrations }) {
    const source = join(folder, 'migrations');
    await mkdir(source);
    for (const { version, sql } of migrations) await writeFile(join(source, `${version}_step.sql`), sql);
  },
  program: (run) => ({
    file: '/usr/bin/yoyo',
    arguments: ['apply', '--batch', '--no-config-file', '--database', urlOf(run), 'migrations'],
  }),
};

function urlOf({ url, connection: { filename } }: PeerRun): string {
  return filename === undefined ? url.replace(/^postgres:/, 'postgresql:') : `sqlite:///${filename}`;
}
