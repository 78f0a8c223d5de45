import { appendFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { samples } from '../tools/reading.ts';
import { libraryConnection } from './libraryConnection.ts';
import type { Peer, PeerPlace, PeerProject } from './peer.ts';
import { python, withEnvironment } from './python.ts';
import { roundTrip } from './roundTrip.ts';
import { runProgram } from './runProgram.ts';

const peer: Peer = {
  tool: 'django',
  title: 'Django of Debian',
  engines: ['postgres15', 'postgres18', 'mariadb', 'sqlite'],
  open,
};

const keys = ['recipes.0001_initial', 'recipes.0002_recipe_minutes', 'orders.0001_initial'];

async function open(place: PeerPlace): Promise<PeerProject> {
  const source = join(place.folder, 'project');
  await cp(join(samples, 'django'), source, { recursive: true });
  await withEnvironment(source);
  await appendFile(join(source, 'bakery/settings.py'), settingsFor(place));
  const django = (...args: readonly string[]) =>
    runProgram(python, ['manage.py', ...args, '--no-color'], {
      cwd: source,
      env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1' },
    });
  return {
    source,
    table: { schema: null, name: 'django_migrations' },
    keys,
    up: (count = keys.length) => django('migrate', ...(keys[count - 1] ?? '').split('.')),
    down: () => django('migrate', 'orders', 'zero'),
    async applied() {
      const lines = (await django('showmigrations', '--plan')).split('\n');
      return lines.flatMap((line) => /^\[X\]\s+(\S+)/.exec(line)?.[1] ?? []);
    },
    upToDate: () => django('migrate', '--check'),
  };
}

function settingsFor(place: PeerPlace): string {
  const { filename, host, port, user, password, database } = libraryConnection(place);
  const engine = { postgres15: 'postgresql', postgres18: 'postgresql', mariadb: 'mysql', sqlite: 'sqlite3' }[
    place.engine
  ];
  const values = { HOST: host, PORT: port, USER: user, PASSWORD: password, NAME: filename ?? database };
  const written = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  // Its driver for MySQL is another one than Debian's Python has here.
  const driver =
    place.engine === 'mariadb'
      ? 'import pymysql\npymysql.version_info = (1, 4, 3, "final", 0)\npymysql.install_as_MySQLdb()\n'
      : '';
  return `\n${driver}DATABASES = {"default": {"ENGINE": "django.db.backends.${engine}", ${written.join(', ')}}}\n`;
}

roundTrip(peer);
