/** Liquibase's data types as each database has them (datatype/core). */
import { isMysql, type SqlTarget } from './names.ts';

export interface DataType {
  readonly sql: string;
  /** How a default written as text is meant. */
  readonly kind: 'number' | 'boolean' | 'text';
  /** `serial` and the like. */
  readonly autoIncrement: boolean;
}

interface Written {
  /** In lower case. */
  readonly name: string;
  /** With its brackets; empty when there are none. */
  readonly parameters: string;
  /** What follows them, with a blank before it. */
  readonly rest: string;
}

interface TypeRule {
  readonly names: string;
  readonly kind?: DataType['kind'];
  readonly autoIncrement?: true;
  readonly postgresql: Spelling;
  readonly mysql: Spelling;
  readonly mariadb?: Spelling;
  readonly sqlite: Spelling;
}

/** A text is all of the type; a function makes it of what was written. */
type Spelling = string | ((written: Written) => string);

const full =
  (name: string): Spelling =>
  ({ parameters, rest }) =>
    name + parameters + rest;
const withParameters =
  (name: string): Spelling =>
  ({ parameters }) =>
    name + parameters;
const withRest =
  (name: string): Spelling =>
  ({ rest }) =>
    name + rest;
const spelledAsWritten: Spelling = ({ name, parameters, rest }) => name.toUpperCase() + parameters + rest;

/** `TIMESTAMP(3) WITHOUT TIME ZONE`, unless its author said what zone. */
const zoned =
  (name: string, zone: string): Spelling =>
  ({ parameters, rest }) =>
    rest === '' ? `${name}${parameters} ${zone}` : name + parameters + rest;

const rules: readonly TypeRule[] = [
  { names: 'int,integer,int4', kind: 'number', postgresql: 'INTEGER', mysql: withRest('INT'), sqlite: 'INTEGER' },
  {
    names: 'serial,serial4',
    kind: 'number',
    autoIncrement: true,
    postgresql: 'INTEGER',
    mysql: 'INT',
    sqlite: 'INTEGER',
  },
  {
    names: 'bigint,int8',
    kind: 'number',
    postgresql: 'BIGINT',
    mysql: withRest('BIGINT'),
    sqlite: withParameters('BIGINT'),
  },
  {
    names: 'bigserial,serial8',
    kind: 'number',
    autoIncrement: true,
    postgresql: 'BIGINT',
    mysql: 'BIGINT',
    sqlite: 'BIGINT',
  },
  {
    names: 'smallint,int2',
    kind: 'number',
    postgresql: 'SMALLINT',
    mysql: withRest('SMALLINT'),
    sqlite: withParameters('SMALLINT'),
  },
  {
    names: 'smallserial,serial2',
    kind: 'number',
    autoIncrement: true,
    postgresql: 'SMALLINT',
    mysql: 'SMALLINT',
    sqlite: 'SMALLINT',
  },
  {
    names: 'tinyint',
    kind: 'number',
    postgresql: 'SMALLINT',
    mysql: full('TINYINT'),
    sqlite: withParameters('TINYINT'),
  },
  {
    names: 'mediumint',
    kind: 'number',
    postgresql: 'MEDIUMINT',
    mysql: full('MEDIUMINT'),
    sqlite: withParameters('MEDIUMINT'),
  },
  {
    names: 'boolean,bool',
    kind: 'boolean',
    postgresql: 'BOOLEAN',
    mysql: 'TINYINT',
    mariadb: 'TINYINT(1)',
    sqlite: 'BOOLEAN',
  },
  {
    names: 'bit',
    kind: 'boolean',
    postgresql: full('BIT'),
    mysql: withParameters('BIT'),
    sqlite: withParameters('BOOLEAN'),
  },
  {
    names: 'varchar,varchar2,character varying',
    postgresql: full('VARCHAR'),
    mysql: full('VARCHAR'),
    sqlite: full('VARCHAR'),
  },
  { names: 'nvarchar,nvarchar2', postgresql: full('VARCHAR'), mysql: full('NVARCHAR'), sqlite: full('NVARCHAR') },
  { names: 'char,character', postgresql: full('CHAR'), mysql: full('CHAR'), sqlite: full('CHAR') },
  { names: 'text', postgresql: 'TEXT', mysql: full('TEXT'), sqlite: 'TEXT' },
  {
    names: 'clob,nclob,longvarchar,longnvarchar,longtext',
    postgresql: 'TEXT',
    mysql: withRest('LONGTEXT'),
    sqlite: 'TEXT',
  },
  { names: 'mediumtext', postgresql: 'TEXT', mysql: withRest('MEDIUMTEXT'), sqlite: 'TEXT' },
  { names: 'tinytext', postgresql: 'TEXT', mysql: withRest('TINYTEXT'), sqlite: 'TEXT' },
  { names: 'xml', postgresql: 'XML', mysql: 'LONGTEXT', sqlite: 'TEXT' },
  { names: 'blob', postgresql: 'OID', mysql: withParameters('BLOB'), sqlite: 'BLOB' },
  { names: 'longblob', postgresql: 'BYTEA', mysql: 'LONGBLOB', sqlite: 'BLOB' },
  { names: 'binary', postgresql: 'BYTEA', mysql: withParameters('BINARY'), sqlite: withParameters('BLOB') },
  { names: 'varbinary', postgresql: 'BYTEA', mysql: withParameters('VARBINARY'), sqlite: withParameters('BLOB') },
  { names: 'date', postgresql: 'date', mysql: 'date', sqlite: 'date' },
  { names: 'time', postgresql: zoned('time', 'WITHOUT TIME ZONE'), mysql: withParameters('time'), sqlite: 'time' },
  { names: 'timetz', postgresql: zoned('time', 'WITH TIME ZONE'), mysql: withParameters('time'), sqlite: 'time' },
  {
    names: 'datetime',
    postgresql: zoned('TIMESTAMP', 'WITHOUT TIME ZONE'),
    mysql: withParameters('datetime'),
    sqlite: 'TEXT',
  },
  { names: 'timestamp', postgresql: zoned('TIMESTAMP', 'WITHOUT TIME ZONE'), mysql: full('timestamp'), sqlite: 'TEXT' },
  {
    names: 'timestamptz',
    postgresql: zoned('TIMESTAMP', 'WITH TIME ZONE'),
    mysql: withParameters('timestamp'),
    sqlite: 'TEXT',
  },
  { names: 'decimal', kind: 'number', postgresql: full('DECIMAL'), mysql: full('DECIMAL'), sqlite: full('DECIMAL') },
  {
    names: 'number,numeric',
    kind: 'number',
    postgresql: full('numeric'),
    mysql: full('numeric'),
    sqlite: full('NUMBER'),
  },
  { names: 'currency', kind: 'number', postgresql: 'DECIMAL', mysql: 'DECIMAL', sqlite: 'REAL' },
  {
    names: 'double',
    kind: 'number',
    postgresql: 'DOUBLE PRECISION',
    mysql: ({ parameters, rest }) => `DOUBLE${parameters}${rest.toUpperCase()}`,
    sqlite: full('DOUBLE'),
  },
  {
    names: 'float',
    kind: 'number',
    postgresql: withParameters('FLOAT'),
    mysql: full('FLOAT'),
    sqlite: withParameters('FLOAT'),
  },
  { names: 'real', kind: 'number', postgresql: 'REAL', mysql: 'REAL', sqlite: 'FLOAT' },
  { names: 'uuid', postgresql: 'UUID', mysql: 'char(36)', mariadb: 'UUID', sqlite: 'TEXT' },
];

const ruleByName = new Map(rules.flatMap((rule) => rule.names.split(',').map((name) => [name, rule] as const)));

export function dataType(text: string, target: SqlTarget): DataType {
  const written = split(text);
  const rule = ruleByName.get(written.name);
  const spelling = rule?.[spelledFor(rule, target)] ?? spelledAsWritten;
  return {
    sql: typeof spelling === 'string' ? spelling : spelling(written),
    kind: rule?.kind ?? 'text',
    autoIncrement: rule?.autoIncrement === true,
  };
}

function spelledFor(rule: TypeRule, target: SqlTarget): 'postgresql' | 'mysql' | 'mariadb' | 'sqlite' {
  if (!isMysql(target)) return target.dbms;
  return target.dbms === 'mariadb' && rule.mariadb !== undefined ? 'mariadb' : 'mysql';
}

function split(text: string): Written {
  const bare = text.trim().replace(/^java\.sql\.Types\./i, '');
  const found = /^([^()[\]]*?)\s*(?:\(([^)]*)\))?(\s[^()]*)?$/.exec(bare);
  // An array, or something with more brackets, is as its author wrote it.
  if (found === null) return { name: bare, parameters: '', rest: '' };
  const [, name = '', parameters, rest = ''] = found;
  const lower = name.toLowerCase();
  const bracketed =
    parameters === undefined
      ? ''
      : `(${parameters
          .split(',')
          .map((part) => part.trim())
          .join(', ')})`;
  if (ruleByName.has(lower)) return { name: lower, parameters: bracketed, rest };
  // `int unsigned`, `timestamp with time zone`: the first word is the type.
  const [, first = '', more = ''] = /^(\S+)(\s.*)?$/s.exec(lower) ?? [];
  const known = ruleByName.has(first) && more !== '';
  return known
    ? { name: first, parameters: bracketed, rest: name.slice(first.length) + rest }
    : { name: lower, parameters: bracketed, rest };
}
