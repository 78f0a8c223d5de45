import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { samples } from '../tools/reading.ts';
import { libraryConnection } from './libraryConnection.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { python, withEnvironment } from './python.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';

const peer: Peer = {
  tool: 'alembic',
  title: 'Alembic of Debian',
  engines: ['postgres15', 'postgres18', 'mariadb', 'sqlite'],
  open,
};

const keys = ['1f0a55c0b6d1', '7c31d9e24a80', '03be6a7f9d52'];

async function open(place: PeerPlace): Promise<PeerProject> {
  const source = join(place.folder, 'project');
  await cp(join(samples, 'alembic'), source, { recursive: true });
  await withEnvironment(source);
  const settings = join(source, 'alembic.ini');
  const text = await readFile(settings, 'utf8');
  await writeFile(settings, text.replace('sqlite:///library.db', urlOf(place).replaceAll('%', '%%')));
  const alembic = (...args: readonly string[]) =>
    runProgram(python, ['-m', 'alembic', ...args], {
      cwd: source,
      env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1' },
    });
  const applied = async () => {
    const [current] = /^[0-9a-f]{12}\b/m.exec(await alembic('current')) ?? [];
    return keys.slice(0, current === undefined ? 0 : keys.indexOf(current) + 1);
  };
  return {
    source,
    table: { schema: null, name: 'alembic_version' },
    keys,
    up: (count = keys.length) => alembic('upgrade', keys[count - 1] ?? ''),
    down: () => alembic('downgrade', '-1'),
    applied,
    async upToDate() {
      expect(await alembic('current')).toContain('(head)');
    },
  };
}

function urlOf(place: PeerPlace): string {
  const { filename, host, port, user = '', password = '', database } = libraryConnection(place);
  if (filename !== undefined) return `sqlite:///${filename}`;
  const dialect = place.engine === 'mariadb' ? 'mysql+pymysql' : 'postgresql+psycopg2';
  return `${dialect}://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

roundTrip(peer);
