import { describe, expect, test } from 'vitest';
import { parseConnection } from '../../../electron/services/parseConnection.ts';
import { ProblemError } from '../../../shared/problem.ts';

const pg = {
  engine: 'postgres',
  host: 'db.example.org',
  port: 5432,
  database: 'shop',
  user: 'ann',
  tls: 'verify-full',
} as const;
const my = { ...pg, engine: 'mysql', port: 3306 } as const;
const here = { host: 'localhost', tls: 'prefer' } as const;
const file = (path: string) => ({ engine: 'sqlite', file: path });

describe('a URL of', () => {
  test.each([
    ['libpq', 'postgres://ann:s3cret@db.example.org/shop', pg],
    ['Heroku', 'postgres://ann:s3cret@db.example.org:5432/shop?sslmode=require', { ...pg, tls: 'require' }],
    ['JDBC', 'jdbc:postgresql://db.example.org:5432/shop?user=ann&password=s3cret&reWriteBatchedInserts=true', pg],
    ['R2DBC', 'r2dbc:postgresql://ann:s3cret@db.example.org/shop', pg],
    ['SQLAlchemy', 'postgresql+psycopg2://ann:s3cret@db.example.org/shop?connect_timeout=10&pool_pre_ping=1', pg],
    ['asyncpg', 'postgresql+asyncpg://ann:s3cret@db.example.org/shop?ssl=true', pg],
    ['Django’s database URL', 'postgis://ann:s3cret@db.example.org/shop', pg],
    [
      'Prisma',
      'postgresql://ann:s3cret@db.example.org:5432/shop?schema=sales&connection_limit=5',
      { ...pg, searchPath: 'sales' },
    ],
    ['node-postgres', 'postgres://ann:s3cret@db.example.org/shop?sslmode=no-verify', { ...pg, tls: 'require' }],
    [
      'a client certificate',
      'postgres://ann:s3cret@db.example.org/shop?sslcert=/c.crt&sslkey=/c.key',
      { ...pg, tlsCertificateFile: '/c.crt', tlsKeyFile: '/c.key' },
    ],
    ['a socket', 'postgres://ann:s3cret@/shop?host=/run/postgresql', { ...pg, host: '/run/postgresql', tls: 'prefer' }],
    ['MySQL', 'mysql://ann:s3cret@db.example.org:3306/shop', my],
    ['MariaDB', 'mariadb://ann:s3cret@db.example.org/shop?ssl-mode=VERIFY_CA', { ...my, tls: 'verify-ca' }],
    ['PyMySQL', 'mysql+pymysql://ann:s3cret@db.example.org/shop?charset=utf8mb4', my],
    ['Rails', 'mysql2://ann:s3cret@db.example.org/shop?pool=5', my],
    ['JDBC of MariaDB', 'jdbc:mariadb://db.example.org/shop?user=ann&password=s3cret&useServerPrepStmts=true', my],
    ['Go', 'ann:s3cret@tcp(db.example.org:3306)/shop?parseTime=true&tls=skip-verify', { ...my, tls: 'require' }],
    [
      'Go with a socket',
      'ann:s3cret@unix(/run/mysqld/mysqld.sock)/shop',
      { ...my, host: '/run/mysqld/mysqld.sock', tls: 'prefer' },
    ],
    ['a password that was not encoded', 'postgres://ann:s3cret@db.example.org/shop', pg],
  ])('%s', (_of, text, connection) => {
    expect(parseConnection(text)).toEqual({ connection, password: 's3cret' });
  });

  test.each(['p@ss', 'p/ss', 'p#ss', 'p:ss?x', 'p%ss'])('the password %s as it is', (password) => {
    expect(parseConnection(`postgres://ann:${password}@db.example.org/shop`)).toEqual({ connection: pg, password });
  });

  test('JDBC without a server, and with a user of this computer', () => {
    expect(parseConnection('jdbc:postgresql:shop?user=ann').connection).toEqual({ ...pg, ...here });
  });
});

describe('what stands around it', () => {
  test.each([
    'export DATABASE_URL="postgres://ann:s3cret@db.example.org/shop"',
    'DATABASE_URL=postgres://ann:s3cret@db.example.org/shop',
    '  url      = "postgresql://ann:s3cret@db.example.org/shop"',
    'DATABASE_URL: postgres://ann:s3cret@db.example.org/shop',
    'psql "postgres://ann:s3cret@db.example.org/shop"',
    "'postgres://ann:s3cret@db.example.org/shop';",
    '<postgres://ann:s3cret@db.example.org/shop>',
    'datasource db {\n  provider = "postgresql"\n  url = "postgresql://ann:s3cret@db.example.org/shop"\n}',
    'spring.datasource.url=jdbc:postgresql://db.example.org/shop?user=ann&password=s3cret',
  ])('%s', (text) => {
    expect(parseConnection(text)).toEqual({ connection: pg, password: 's3cret' });
  });
});

describe('a connection string of', () => {
  test.each([
    ['libpq', 'host=db.example.org dbname=shop user=ann password=s3cret', pg],
    [
      'libpq, TLS first',
      'sslmode=verify-ca host=db.example.org dbname=shop user=ann password=s3cret',
      { ...pg, tls: 'verify-ca' },
    ],
    ['Npgsql', 'Host=db.example.org;Username=ann;Password=s3cret;Database=shop;SSL Mode=VerifyFull;Pooling=true', pg],
    ['Npgsql with other names', 'Server=db.example.org;Port=5432;User Id=ann;Password="s3cret";Database=shop;', pg],
    [
      'MySQL Connector/NET',
      'Server=db.example.org;Database=shop;Uid=ann;Pwd=s3cret;SslMode=Required',
      { ...my, tls: 'require' },
    ],
    ['MySqlConnector', 'Server=db.example.org;Port=3306;User ID=ann;Password=s3cret;Database=shop', my],
    [
      'ODBC',
      'Driver={PostgreSQL Unicode};Server=db.example.org;Port=5432;Database=shop;Uid=ann;Pwd={s3cret};sslmode=require',
      { ...pg, tls: 'require' },
    ],
    [
      'MySQL’s ODBC',
      'DRIVER={MySQL ODBC 8.0 Unicode Driver};SERVER=db.example.org;DATABASE=shop;USER=ann;PASSWORD=s3cret',
      my,
    ],
    ['PDO', 'pgsql:host=db.example.org;port=5432;dbname=shop;user=ann;password=s3cret', pg],
    ['PDO of MySQL', 'mysql:host=db.example.org;dbname=shop;user=ann;password=s3cret', my],
    [
      'Django',
      "'default': {\n 'ENGINE': 'django.db.backends.postgresql',\n 'NAME': 'shop',\n 'USER': 'ann',\n 'PASSWORD': 's3cret',\n 'HOST': 'db.example.org',\n 'PORT': '5432',\n}",
      pg,
    ],
    [
      'Sequelize',
      "new Sequelize({ dialect: 'mysql', host: 'db.example.org', port: 3306, username: 'ann', password: 's3cret', database: 'shop' })",
      my,
    ],
    [
      'TypeORM',
      "{ name: 'default', type: 'postgres', host: 'db.example.org', port: 5432, username: 'ann', password: 's3cret', database: 'shop' }",
      pg,
    ],
    [
      'Rails’ database.yml',
      'production:\n  adapter: mysql2\n  host: db.example.org\n  database: shop\n  username: ann\n  password: s3cret\n',
      my,
    ],
    [
      'Laravel’s .env',
      'DB_CONNECTION=mysql\nDB_HOST=db.example.org\nDB_PORT=3306\nDB_DATABASE=shop\nDB_USERNAME=ann\nDB_PASSWORD=s3cret',
      my,
    ],
    ['libpq’s variables', 'PGHOST=db.example.org\nPGPORT=5432\nPGDATABASE=shop\nPGUSER=ann\nPGPASSWORD=s3cret', pg],
  ])('%s', (_of, text, connection) => {
    expect(parseConnection(text)).toEqual({ connection, password: 's3cret' });
  });

  test('a value may hold what separates values', () => {
    expect(parseConnection('Host=db.example.org;Username=ann;Password="a;b=""c""";Database=shop').password).toBe(
      'a;b="c"',
    );
  });
});

describe('an SQLite file', () => {
  test.each([
    ['sqlite:/var/lib/a.db', '/var/lib/a.db'],
    ['sqlite:////var/lib/a.db', '/var/lib/a.db'],
    ['sqlite+aiosqlite:////var/lib/a.db', '/var/lib/a.db'],
    ['jdbc:sqlite:/var/lib/a.db', '/var/lib/a.db'],
    ['file:/var/lib/a.db?connection_limit=1', '/var/lib/a.db'],
    ['/var/lib/a.sqlite3', '/var/lib/a.sqlite3'],
    ['"/var/lib/my app.db"', '/var/lib/my app.db'],
    ['Data Source=/var/lib/a.db', '/var/lib/a.db'],
    ['Data Source=/var/lib/a.db;Cache=Shared', '/var/lib/a.db'],
    ["{ client: 'sqlite3', database: '/var/lib/a.db' }", '/var/lib/a.db'],
  ])('%s', (text, path) => {
    expect(parseConnection(text)).toEqual({ connection: file(path), password: null });
  });
});

test.each([
  'oracle://ann:canary@db/shop',
  'mongodb://ann:canary@db/shop',
  'jdbc:sqlserver://db;user=ann;password=canary',
  'Server=db;Initial Catalog=shop;User Id=ann;Password=canary;TrustServerCertificate=true',
  'Server=db;Database=shop;User Id=ann;Password=canary',
  'postgres://ann:canary@a,b/shop',
  'jdbc:mysql:loadbalance://a,b/shop?user=ann&password=canary',
  'Host=db;Username=ann;Password=canary;Database=shop;SSL Mode=canary',
  'sqlite::memory:',
  'file:/a.db?mode=memory',
  'canary',
  '',
])('%s is refused without its secrets', (text) => {
  const parse = () => parseConnection(text);
  expect(parse).toThrow(ProblemError);
  expect(parse).not.toThrow(/canary/);
});
