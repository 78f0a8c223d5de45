/** The head of a script that uses a peer's library: a connection as that library's guide has people make it. */
import type { Engine } from '../engines.ts';

/** Gives the script `run` (a whole script in one message), `rowsOf` and `end`. */
export const clientOf = (engine: Engine): string => heads[engine];

const heads: Readonly<Record<Engine, string>> = {
  postgres: `import pg from 'pg';
const client = new pg.Client(JSON.parse(process.env.CONNECTION));
await client.connect();
const run = (sql) => client.query(sql);
const rowsOf = async (sql) => (await client.query(sql)).rows;
const end = () => client.end();
`,
  mariadb: `import mysql from 'mysql2/promise';
const client = await mysql.createConnection({ ...JSON.parse(process.env.CONNECTION), multipleStatements: true });
const run = (sql) => client.query(sql);
const rowsOf = async (sql) => (await client.query(sql))[0];
const end = () => client.end();
`,
  sqlite: `import Sqlite from 'better-sqlite3';
const client = new Sqlite(JSON.parse(process.env.CONNECTION).filename);
const run = async (sql) => client.exec(sql);
const rowsOf = async (sql) => client.prepare(sql).all();
const end = async () => client.close();
`,
};
