import { describe, expect, test } from 'vitest';
import { formatUrl, parseUrl } from '../../../electron/databases/mysql/url.ts';
import { ProblemError } from '../../../shared/problem.ts';

const local = { engine: 'mysql', host: '127.0.0.1', port: 3306, database: 'shop', user: 'ann', tls: 'prefer' } as const;
const remote = { ...local, host: 'db.example.org', tls: 'verify-full' } as const;

describe('a URL', () => {
  test.each([
    ['mysql://ann:secret@127.0.0.1/shop', local],
    ['mariadb://ann:secret@127.0.0.1:3307/shop', { ...local, port: 3307 }],
    ['jdbc:mysql://127.0.0.1:3306/shop?user=ann&password=secret&useUnicode=true', local],
    ['jdbc:mariadb://db.example.org/shop?user=ann&password=secret', remote],
    ['mysql://ann:secret@tcp(db.example.org:3306)/shop?parseTime=true', remote],
    [
      'mysql://ann:secret@db.example.org/shop?ssl-mode=VERIFY_CA&ssl-ca=%2Fetc%2Fca.pem',
      { ...remote, tls: 'verify-ca', tlsAuthorityFile: '/etc/ca.pem' },
    ],
    ['mysql://ann:secret@db.example.org/shop?sslMode=verify-full', remote],
    ['mysql://ann:secret@db.example.org/shop?sslmode=DISABLED', { ...remote, tls: 'disable' }],
    ['mysql://ann:secret@db.example.org/shop?useSSL=false', { ...remote, tls: 'disable' }],
    ['mysql://ann:secret@db.example.org/shop?ssl=true', remote],
    ['mysql://ann:secret@db.example.org/shop?tls=skip-verify', { ...remote, tls: 'require' }],
    ['mysql://ann:secret@[::1]:3306/shop', { ...local, host: '::1' }],
    [
      'mysql://ann:secret@localhost/shop?socket=%2Frun%2Fmysqld%2Fmysqld.sock',
      { ...local, host: '/run/mysqld/mysqld.sock' },
    ],
  ])('%s', (url, connection) => {
    expect(parseUrl(url)).toEqual({ connection, password: 'secret' });
  });

  test('holds any character, percent-encoded', () => {
    const parsed = parseUrl('mysql://a%40b:p%3A%2F%3F%23%5B%25@127.0.0.1/sh%2Fop');
    expect(parsed).toEqual({ connection: { ...local, user: 'a@b', database: 'sh/op' }, password: 'p:/?#[%' });
  });

  test('without a password', () => expect(parseUrl('mysql://ann@127.0.0.1/shop').password).toBeNull());

  test.each([
    'mysql://ann:canary/4711@127.0.0.1/shop',
    'mysql://ann:canary%4711%zz@127.0.0.1/shop',
    'mysql://ann:canary4711@127.0.0.1',
    'mysql://:canary4711@127.0.0.1/shop',
    'mysql://ann:canary4711@127.0.0.1:port/shop',
    'mysql://ann:canary4711@one,two/shop',
    'mysql://ann:canary4711@127.0.0.1/shop?ssl-mode=canary4711',
    'postgres://ann:canary4711@127.0.0.1/shop',
    'canary4711',
    '',
  ])('that cannot be read is refused without telling the password: %s', (url) => {
    const error: unknown = (() => {
      try {
        return parseUrl(url);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(ProblemError);
    if (!(error instanceof ProblemError)) return;
    expect(error.problem.code).toBe('environment.invalidUrl');
    expect(JSON.stringify(error.problem)).not.toContain('canary');
  });
});

test.each([
  local,
  { ...local, port: 3307, tls: 'require' },
  { ...remote, tls: 'verify-ca', tlsAuthorityFile: '/etc/my ca.pem' },
  { ...remote, tls: 'prefer', user: 'a@b:c', database: 'd/e?f' },
  { ...local, host: '::1' },
  { ...local, host: '/run/mysqld/mysqld.sock' },
] as const)('a connection is written so that it is read as the same: %o', (connection) => {
  expect(parseUrl(formatUrl(connection))).toEqual({ connection, password: null });
});
