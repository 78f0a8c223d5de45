/** The files of the servers' own clients, read by their rules. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { myCnfPassword } from '../../electron/credentials/files/myCnf.ts';
import { readOptionGroups } from '../../electron/credentials/files/optionFile.ts';
import { pgpassFile, pgpassPassword, readPgpass } from '../../electron/credentials/files/pgpass.ts';
import { readPrivateFile } from '../../electron/credentials/files/readPrivateFile.ts';

const connection = { host: 'db.example', port: 5432, database: 'shop', user: 'app' };

describe('.pgpass', () => {
  const find = (text: string, about: Partial<typeof connection> = {}) =>
    pgpassPassword(readPgpass(text), { ...connection, ...about });

  it('takes the first line that fits, with wildcards', () => {
    const text = '# comment\nother:5432:shop:app:wrong\n*:*:*:app:first\ndb.example:5432:shop:app:second\n';
    expect(find(text)).toBe('first');
    expect(find(text, { user: 'other' })).toBeNull();
  });

  it('unescapes colons and backslashes', () => {
    expect(find('db.example:5432:shop:app:a\\:b\\\\c\n')).toBe('a:b\\c');
    expect(find('db.example:5432:sh\\:op:app:x', { database: 'sh:op' })).toBe('x');
  });

  it('reads lines that end in CRLF, and passes over lines of another form', () => {
    expect(find('nonsense\r\ndb.example:5432:shop:app:secret\r\n')).toBe('secret');
  });

  it('counts a usual socket as localhost, another by its path', () => {
    expect(find('localhost:5432:shop:app:x', { host: '/var/run/postgresql' })).toBe('x');
    expect(find('localhost:5432:shop:app:x', { host: '/srv/sockets' })).toBeNull();
    expect(find('/srv/sockets:5432:shop:app:y', { host: '/srv/sockets' })).toBe('y');
  });

  it('is where PGPASSFILE says, else in the home folder', () => {
    expect(pgpassFile({ PGPASSFILE: '/x/pass' }, 'linux')).toBe('/x/pass');
    expect(pgpassFile({ HOME: '/home/ada' }, 'linux')).toBe('/home/ada/.pgpass');
  });
});

describe('.my.cnf', () => {
  const find = (text: string, about: Partial<typeof connection> = {}) =>
    myCnfPassword(readOptionGroups(text), { ...connection, port: 3306, ...about });

  it('takes the password of the client groups only, the last one counting', () => {
    expect(find('[mysqld]\npassword=wrong\n[client]\npassword = one\n[mysql]\npassword="two # three"\n')).toBe(
      'two # three',
    );
    expect(find('[mysqld]\npassword=wrong\n')).toBeNull();
  });

  it('cuts comments off unless they are in quotes, and reads escapes', () => {
    expect(find('[client]\npassword=a\\sb # comment\n')).toBe('a b');
  });

  it('gives a password meant for one host, port or user to no other', () => {
    const text = '[client]\nhost=db.example\nuser=app\npassword=x\n';
    expect(find(text)).toBe('x');
    expect(find(text, { host: 'evil.example' })).toBeNull();
    expect(find(text, { user: 'root' })).toBeNull();
    expect(find('[client]\nhost=localhost\npassword=x\n', { host: '127.0.0.1' })).toBe('x');
  });
});

describe('a file of passwords', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-files-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is not used when others can read it', async () => {
    const file = path.join(folder, 'pgpass');
    await writeFile(file, '*:*:*:*:x', { mode: 0o600 });
    expect(await readPrivateFile(file)).toMatchObject({ kind: 'read' });
    await chmod(file, 0o640);
    expect(await readPrivateFile(file)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('chmod 600'),
    });
    expect(await readPrivateFile(path.join(folder, 'none'))).toEqual({ kind: 'missing' });
    expect(await readPrivateFile(folder)).toMatchObject({ kind: 'refused' });
  });
});
