import { expect, test } from 'vitest';
import { formatUrl, parseUrl } from '../../../electron/databases/postgres/url.ts';
import { driverForUrl } from '../../../electron/databases/registry.ts';
import { ProblemError } from '../../../shared/problem.ts';

const shop = {
  engine: 'postgres',
  host: 'db.example.org',
  port: 5432,
  database: 'shop',
  user: 'deploy',
  tls: 'verify-full',
} as const;

test.each([
  ['postgres://deploy@db.example.org/shop', shop, null],
  ['postgresql://deploy:s%40cr%2Ft%25@db.example.org:5433/shop', { ...shop, port: 5433 }, 's@cr/t%'],
  ['postgres://deploy:pa:ss@db.example.org/shop', shop, 'pa:ss'],
  ['postgres://deploy:@db.example.org/shop', shop, null],
  ['postgres://deploy@db.example.org', { ...shop, database: 'deploy' }, null],
  ['postgres://deploy@localhost/shop', { ...shop, host: 'localhost', tls: 'prefer' }, null],
  ['postgres://deploy@127.0.0.1/shop', { ...shop, host: '127.0.0.1', tls: 'prefer' }, null],
  ['postgres://deploy@[::1]:6000/shop', { ...shop, host: '::1', port: 6000, tls: 'prefer' }, null],
  ['postgres://deploy@db.example.org/my%20shop%2F1', { ...shop, database: 'my shop/1' }, null],
  ['postgres://deploy@db.example.org/shop?sslmode=require', { ...shop, tls: 'require' }, null],
  ['postgres://deploy@db.example.org/shop?sslmode=allow', { ...shop, tls: 'prefer' }, null],
  [
    'postgres://deploy@db.example.org/shop?sslmode=verify-ca&sslrootcert=%2Fetc%2Fca.crt&application_name=x',
    { ...shop, tls: 'verify-ca', tlsAuthorityFile: '/etc/ca.crt' },
    null,
  ],
  ['postgres://deploy@db.example.org/shop?sslrootcert=system', shop, null],
  [
    'postgres://deploy@db.example.org/shop?options=-c%20search_path%3Dtenant,public',
    { ...shop, searchPath: 'tenant,public' },
    null,
  ],
  ['postgres://deploy@db.example.org/shop?options=--search_path%3Dtenant', { ...shop, searchPath: 'tenant' }, null],
  ['postgres://deploy@db.example.org/shop?schema=tenant&pgbouncer=true', { ...shop, searchPath: 'tenant' }, null],
  ['postgres://deploy@/shop?host=/var/run/postgresql', { ...shop, host: '/var/run/postgresql', tls: 'prefer' }, null],
  ['postgres://deploy@%2Fvar%2Frun%2Fpostgresql/shop', { ...shop, host: '/var/run/postgresql', tls: 'prefer' }, null],
  [
    'jdbc:postgresql://db.example.org/shop?user=deploy&password=p%26q&currentSchema=tenant&ssl=true',
    { ...shop, searchPath: 'tenant' },
    'p&q',
  ],
  [
    "host=db.example.org dbname='my shop' user=deploy password='it\\'s' port=5433",
    { ...shop, database: 'my shop', port: 5433 },
    "it's",
  ],
  ['  host = db.example.org dbname=shop user=deploy sslmode=disable ', { ...shop, tls: 'disable' }, null],
] as const)('%s', (url, connection, password) => {
  expect(parseUrl(url)).toEqual({ connection, password });
  expect(driverForUrl(url).id).toBe('postgres');
});

test.each([
  ['postgres://deploy:canary@a.example.org,b.example.org/shop', /several hosts/],
  ['postgres://deploy:canary@a.example.org:1,b.example.org:2/shop', /several hosts/],
  ['host=a,b dbname=shop user=deploy password=canary', /several hosts/],
  ['postgres://deploy:can/ary@db.example.org/shop', /character that has a meaning/],
  ['postgres://deploy:can@ary@db.example.org/shop', /character that has a meaning/],
  ['postgres://deploy:can#ary@db.example.org/shop', /character that has a meaning/],
  ['postgres://deploy:canary%@db.example.org/shop', /percent-encoded/],
  ['postgres://deploy:canary@db.example.org:54x/shop', /port/],
  ['postgres://deploy:canary@db.example.org:70000/shop', /port/],
  ['postgres://deploy:canary@db.example.org/shop?sslmode=canary', /sslmode/],
  ['postgres://deploy:canary@db.example.org/shop?service=canary', /service/],
  ['postgres://deploy:canary@db.example.org/shop?options=-c%20geqo%3Dcanary', /options/],
  ["host=db.example.org password='canary", /name=value/],
])('%s is refused without its secrets', (url, words) => {
  const read = () => parseUrl(url);
  expect(read).toThrow(ProblemError);
  expect(read).toThrow(words);
  expect(read).not.toThrow(/canary|ary@/);
});

test.each([
  { ...shop, host: '::1', tls: 'disable' },
  { ...shop, host: '/tmp/my socket', tls: 'prefer', port: 6000 },
  { ...shop, user: 'dé ploy@x', database: 'a/b?c#d', tls: 'verify-ca', tlsAuthorityFile: '/etc/my ca.crt' },
  { ...shop, searchPath: '"My schema\\1", public' },
] as const)('a connection comes back from its URL: %o', (connection) => {
  expect(parseUrl(formatUrl(connection))).toEqual({ connection, password: null });
});

test('a scheme of no engine is refused with the known ones', () => {
  expect(() => driverForUrl('oracle://deploy:canary@db/shop')).toThrow(/names no engine/);
});
