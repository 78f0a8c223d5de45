// Reaching a server, or something that only looks like one.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../electron/databases/mysql/connect.ts';
import { mariadb, startMariadb } from '../../servers/index.ts';
import { connectionTo, controls, faultOf, open, optionsFor, recorder } from './support.ts';

describe('identity', () => {
  test('is the same for every way to one database, and another for another database', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using other = await server.createDatabase();
    await using first = await open({ server, database: database.name });
    await using second = await open({ server, database: database.name }, {}, { host: 'localhost' });
    await using third = await open({ server, database: other.name });
    expect(first.session.identity).toMatchObject({
      product: 'MariaDB',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      database: database.name,
      readOnly: false,
    });
    expect(second.session.identity.id).toBe(first.session.identity.id);
    expect(third.session.identity.id).not.toBe(first.session.identity.id);
    expect(second.session.identity.backend).not.toBe(first.session.identity.backend);
    expect(first.session.identity.backend).toMatch(/^\d+ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});

describe('refusals', () => {
  test.each([
    ['a wrong password', { password: 'wrong' }, {}, 'authentication'],
    ['no password', { password: null }, {}, 'authentication'],
    ['an unknown database', {}, { database: 'nowhere' }, 'noDatabase'],
    ['no database', {}, { database: '' }, 'noDatabase'],
    ['a port where nothing listens', {}, { port: 1 }, 'unreachable'],
    ['a host that does not exist', {}, { host: 'no-such-host.invalid' }, 'unreachable'],
    ['TLS with a name that the certificate is not for', {}, { tls: 'verify-full' }, 'tls'],
    ['TLS with an authority that is not trusted', {}, { tls: 'verify-ca' }, 'tls'],
    ['an authority’s file that is not there', {}, { tls: 'verify-ca', tlsAuthorityFile: '/nowhere.pem' }, 'tls'],
  ] as const)('%s', async (_, options, connection, kind) => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const target = { server, database: database.name };
    const fault = await faultOf(connect({ ...connectionTo(target), ...connection }, optionsFor(target, options)));
    expect(fault).toMatchObject({ kind });
    expect(fault.message).not.toBe('');
    expect(JSON.stringify([fault.message, fault.detail, String(fault.cause)])).not.toContain(server.superuser.password);
  });

  test('a database that the user may not use', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const account = await server.createUser();
    const target = { server, database: database.name, account };
    expect(await faultOf(connect(connectionTo(target), optionsFor(target)))).toMatchObject({
      kind: 'authentication',
      code: '1044',
    });
  });

  test('too many connections', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const account = await server.createUser();
    await server.query(
      `GRANT ALL ON ${database.name}.* TO ${account.user}; ALTER USER ${account.user} WITH MAX_USER_CONNECTIONS 1`,
    );
    const target = { server, database: database.name, account };
    await using opened = await open(target);
    expect(await faultOf(connect(connectionTo(target), optionsFor(target)))).toMatchObject({
      kind: 'tooManyConnections',
    });
    expect(opened.session.identity.user).toBe(`${account.user}@%`);
  });
});

describe('TLS', () => {
  test.each([
    ['disable', false],
    ['prefer', true],
    ['require', true],
    ['verify-ca', true],
  ] as const)('%s', async (tls, encrypted) => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const authority = tls === 'verify-ca' ? { tlsAuthorityFile: server.tls.caFile } : {};
    await using opened = await open({ server, database: database.name }, {}, { tls, ...authority });
    const [row] = await opened.session.query(
      "SELECT VARIABLE_VALUE <> '' AS encrypted FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'",
    );
    expect(row).toEqual({ encrypted: encrypted ? 1 : 0 });
  });

  test('verify-full refuses the address and takes the certificate’s name', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    const target = { server, database: database.name };
    const connection = { ...connectionTo(target), tls: 'verify-full' as const, tlsAuthorityFile: server.tls.caFile };
    expect(await faultOf(connect(connection, optionsFor(target)))).toMatchObject({ kind: 'tls' });
    // Only where the name leads to this machine, which names under localhost do.
    if (server.tls.host.endsWith('localhost')) {
      const session = await connect({ ...connection, host: server.tls.host }, optionsFor(target));
      await session.close();
    }
  });
});

/** Something at a port; each connection is given to `speak`. */
async function impostor(speak: (socket: Socket) => void): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    speak(socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

const packet = (sequence: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([payload.length & 0xff, payload.length >> 8, 0, sequence]), payload]);

/** First packet of a server: protocol 10, no TLS. */
function greeting(version: string, plugin = 'mysql_native_password'): Buffer {
  const capabilities = 0x00_08_f7_ff & ~0x800;
  const low = Buffer.alloc(2);
  low.writeUInt16LE(capabilities & 0xffff);
  const high = Buffer.alloc(2);
  high.writeUInt16LE(capabilities >>> 16);
  const text = (value: string) => Buffer.from(`${value}\0`);
  return packet(
    0,
    Buffer.concat([
      Buffer.from([10]),
      text(version),
      Buffer.from([1, 0, 0, 0]),
      text('saltsalt'),
      low,
      Buffer.from([45, 2, 0]),
      high,
      Buffer.from([21]),
      Buffer.alloc(10),
      text('saltsaltsalt'),
      text(plugin),
    ]),
  );
}

const ok = (sequence: number): Buffer => packet(sequence, Buffer.from([0, 0, 0, 2, 0, 0, 0]));

const target = { host: '127.0.0.1', database: 'd', user: 'u', engine: 'mysql', tls: 'disable' } as const;
const options = {
  password: 'canary-4711',
  applicationName: 'test',
  readOnly: false,
  connectTimeoutMs: 500,
  lockTimeoutMs: 0,
};

describe('impostors', () => {
  test('a port that never answers', async () => {
    await using server = await impostor(() => undefined);
    expect(await faultOf(connect({ ...target, port: server.port }, options))).toMatchObject({ kind: 'unreachable' });
  });

  test('a server that falls silent after letting us in', async () => {
    await using server = await impostor((socket) => {
      socket.write(greeting('10.11.0-MariaDB'));
      socket.once('data', () => socket.write(ok(2)));
    });
    expect(await faultOf(connect({ ...target, port: server.port }, options))).toMatchObject({ kind: 'unreachable' });
  });

  test('a server that hangs up', async () => {
    await using server = await impostor((socket) => socket.end());
    expect(await faultOf(connect({ ...target, port: server.port }, options))).toMatchObject({ kind: 'unreachable' });
  });

  test('something that is no database', async () => {
    await using server = await impostor((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await faultOf(connect({ ...target, port: server.port }, options))).toMatchObject({ kind: 'unreachable' });
  });

  test('a server that asks for a file of this computer gets none, and the session ends', async () => {
    const received: Buffer[] = [];
    await using server = await impostor((socket) => {
      socket.write(greeting('10.11.0-MariaDB'));
      socket.once('data', () => {
        socket.write(ok(2));
        socket.on('data', (data) => {
          received.push(data);
          if (received.length === 1)
            socket.write(packet(1, Buffer.concat([Buffer.from([0xfb]), Buffer.from('/etc/hostname')])));
        });
      });
    });
    const fault = await faultOf(connect({ ...target, port: server.port }, options));
    expect(fault.kind).toBe('unreachable');
    // After the first message at most an empty packet: "no file".
    expect(Buffer.concat(received.slice(1)).length).toBeLessThanOrEqual(5);
  });

  test('a server that asks for the password in clear text gets none', async () => {
    const received: Buffer[] = [];
    await using server = await impostor((socket) => {
      socket.write(greeting('8.0.36', 'mysql_clear_password'));
      socket.once('data', (data) => {
        received.push(data);
        socket.on('data', (more) => received.push(more));
        socket.write(packet(2, Buffer.concat([Buffer.from([0xfe]), Buffer.from('mysql_clear_password\0')])));
      });
    });
    expect(await faultOf(connect({ ...target, port: server.port }, options))).toMatchObject({ kind: 'authentication' });
    expect(Buffer.concat(received).includes('canary-4711')).toBe(false);
  });
});

describe('a server that dies', () => {
  test('ends what runs with connectionLost, and nothing else of this process', async () => {
    await using server = await startMariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const failed = faultOf(opened.session.send(controls('SELECT 1', 'DO SLEEP(60)'), recorder()));
    await expect
      .poll(
        async () =>
          (await server.query("SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep'")).length,
      )
      .toBe(1);
    await server.kill();
    expect(await failed).toMatchObject({ kind: 'connectionLost' });
    expect(await faultOf(opened.session.query('SELECT 1'))).toMatchObject({ kind: 'connectionLost' });
    await server.start();
    await using again = await open({ server, database: database.name });
    expect(again.session.identity.id).toBe(opened.session.identity.id);
  });

  test('or is made read-only tells so', async () => {
    await using server = await startMariadb();
    await using database = await server.createDatabase();
    const account = await server.createUser();
    await server.query(`GRANT ALL ON ${database.name}.* TO ${account.user}; SET GLOBAL read_only = 1`);
    await using opened = await open({ server, database: database.name, account });
    expect(opened.session.identity.readOnly).toBe(true);
    expect(await faultOf(opened.session.query('CREATE TABLE t (a INT)'))).toMatchObject({
      kind: 'readOnly',
      code: '1290',
    });
    await server.query('SET GLOBAL read_only = 0');
  });
});
