/** PostgreSQL's SQL for differences between schemas. */
import type { SchemaObject } from '../../../shared/model/snapshot.ts';
import { byPosition, type SchemaWriter } from '../../engine/schemaScript.ts';
import { dialect } from './dialect.ts';

const { quoteLiteral } = dialect;

export const schemaWriter: SchemaWriter = {
  create,
  drop,
  alter,
  inline: ['column'],
  // Functions may name tables that come after them.
  preamble: ['SET LOCAL check_function_bodies = off'],
};

const words: Partial<Record<SchemaObject['kind'], string>> = {
  extension: 'EXTENSION',
  schema: 'SCHEMA',
  collation: 'COLLATION',
  sequence: 'SEQUENCE',
  table: 'TABLE',
  foreignTable: 'FOREIGN TABLE',
  index: 'INDEX',
  statistics: 'STATISTICS',
  view: 'VIEW',
  materializedView: 'MATERIALIZED VIEW',
  eventTrigger: 'EVENT TRIGGER',
  publication: 'PUBLICATION',
};

/** The part of a name after its table's. */
const ownName = ({ name, table }: SchemaObject): string => (table === null ? name : name.slice(table.length + 1));

function create(object: SchemaObject, parts: readonly SchemaObject[]): string[] | null {
  const made = creation(object, parts);
  return made === null ? null : [...made, ...comments(object), ...columnComments(object, parts)];
}

function creation(object: SchemaObject, parts: readonly SchemaObject[]): string[] | null {
  const { kind, facts, name, table } = object;
  if (kind === 'table') return createTable(object, parts);
  if (kind === 'column')
    return facts['position'] === undefined ? null : [`ALTER TABLE ${table} ADD COLUMN ${column(object)}`];
  if (kind === 'policy') return [createPolicy(object)];
  // What belongs to an identity or serial column comes with it.
  if (kind === 'sequence' && facts['ownedBy'] !== undefined) return [];
  return object.create === null || name === '' ? null : [object.create.replace(/;\s*$/, '')];
}

function createTable({ name, facts }: SchemaObject, parts: readonly SchemaObject[]): string[] | null {
  if (facts['partitionOf'] !== undefined) {
    const [, parent = '', bound = ''] = /^(\S+) (.*)$/s.exec(facts['partitionOf']) ?? [];
    return [`CREATE TABLE ${name} PARTITION OF ${parent} ${bound}`];
  }
  const columns = parts.filter(({ kind }) => kind === 'column').toSorted(byPosition);
  const persistence = facts['persistence'] === undefined ? '' : 'UNLOGGED ';
  const partitioned = facts['partitionedBy'] === undefined ? '' : ` PARTITION BY ${facts['partitionedBy']}`;
  const options = facts['options'] === undefined ? '' : ` WITH (${facts['options']})`;
  const inherits = facts['inherits'] === undefined ? '' : ` INHERITS (${facts['inherits']})`;
  const body = columns.map((one) => `\n  ${column(one)}`).join(',');
  return [
    `CREATE ${persistence}TABLE ${name} (${body}\n)${inherits}${partitioned}${options}`,
    ...rowSecurity(name, facts['rowSecurity']),
  ];
}

function column(object: SchemaObject): string {
  const { facts } = object;
  // The default of a serial column names a sequence that is not there yet: it is written as what it was.
  const serial = facts['default']?.startsWith("nextval('") === true ? serialTypes[facts['type'] ?? ''] : undefined;
  const parts = [ownName(object), serial ?? facts['type'] ?? ''];
  if (facts['collation'] !== undefined) parts.push(`COLLATE ${facts['collation']}`);
  if (facts['identity'] !== undefined) parts.push(`GENERATED ${facts['identity'].toUpperCase()} AS IDENTITY`);
  else if (facts['generated'] !== undefined) parts.push(`GENERATED ALWAYS AS (${facts['generated']}) STORED`);
  else if (facts['default'] !== undefined && serial === undefined) parts.push(`DEFAULT ${facts['default']}`);
  if (facts['notNull'] !== undefined && facts['identity'] === undefined) parts.push('NOT NULL');
  return parts.join(' ');
}

const serialTypes: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  integer: 'serial',
  bigint: 'bigserial',
};

function createPolicy(object: SchemaObject): string {
  const { facts, table } = object;
  const commands: Readonly<Record<string, string>> = { r: 'SELECT', a: 'INSERT', w: 'UPDATE', d: 'DELETE', '*': 'ALL' };
  return [
    `CREATE POLICY ${ownName(object)} ON ${table}`,
    facts['permissive'] === undefined ? '' : 'AS RESTRICTIVE',
    `FOR ${commands[facts['command'] ?? '*'] ?? 'ALL'}`,
    facts['roles'] === undefined ? '' : `TO ${facts['roles']}`,
    facts['using'] === undefined ? '' : `USING (${facts['using']})`,
    facts['check'] === undefined ? '' : `WITH CHECK (${facts['check']})`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function rowSecurity(table: string, state: string | undefined): string[] {
  if (state === undefined) return [];
  const enable = `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`;
  return state === 'forced' ? [enable, `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`] : [enable];
}

function drop(object: SchemaObject): string[] | null {
  const { kind, table, name, facts } = object;
  const own = ownName(object);
  switch (kind) {
    case 'column':
      return [`ALTER TABLE ${table} DROP COLUMN ${own}`];
    case 'constraint':
      return [`ALTER TABLE ${table} DROP CONSTRAINT ${own}`];
    case 'trigger':
    case 'rule':
    case 'policy':
      return [`DROP ${kind.toUpperCase()} ${own} ON ${table}`];
    case 'type':
      return [`DROP ${facts['definition']?.startsWith('domain') === true ? 'DOMAIN' : 'TYPE'} ${name}`];
    case 'routine':
      return [`DROP ROUTINE ${name}`];
    case 'sequence':
      return facts['ownedBy'] === undefined ? [`DROP SEQUENCE ${name}`] : [];
    default:
      return words[kind] === undefined ? null : [`DROP ${words[kind]} ${name}`];
  }
}

function alter(before: SchemaObject, after: SchemaObject, facts: readonly string[]): string[] | null {
  const other = facts.filter((fact) => fact !== 'comment');
  const comment = facts.includes('comment') ? setComment(after, after.facts['comment'] ?? null) : [];
  if (other.length === 0) return comment;
  const changed = after.kind === 'column' ? alterColumn(before, after, other) : redefine(before, after, other);
  return changed === null || comment === null ? null : [...changed, ...comment];
}

const columnFacts: Readonly<Record<string, (after: SchemaObject) => string | null>> = {
  type: ({ facts, ...rest }) => {
    const name = ownName({ facts, ...rest });
    return `ALTER COLUMN ${name} TYPE ${facts['type']} USING ${name}::${facts['type']}`;
  },
  notNull: (after) =>
    `ALTER COLUMN ${ownName(after)} ${after.facts['notNull'] === undefined ? 'DROP' : 'SET'} NOT NULL`,
  default: (after) => {
    const value = after.facts['default'];
    return `ALTER COLUMN ${ownName(after)} ${value === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${value}`}`;
  },
  statistics: (after) => `ALTER COLUMN ${ownName(after)} SET STATISTICS ${after.facts['statistics'] ?? '-1'}`,
};

function alterColumn(_before: SchemaObject, after: SchemaObject, facts: readonly string[]): string[] | null {
  const clauses = facts.map((fact) => columnFacts[fact]?.(after) ?? null);
  return clauses.includes(null) ? null : [`ALTER TABLE ${after.table} ${clauses.join(', ')}`];
}

/** What has no ALTER of its own is dropped and made again; data would go with a table. */
function redefine(before: SchemaObject, after: SchemaObject, facts: readonly string[]): string[] | null {
  if (after.kind === 'table') return facts.length === 1 && facts[0] === 'rowSecurity' ? toRowSecurity(after) : null;
  if (after.kind === 'trigger' && facts.length === 1 && facts[0] === 'enabled') return [setTrigger(after)];
  if (facts.some((fact) => !redefined.has(fact))) return null;
  if (after.kind === 'routine' || after.kind === 'view')
    return facts.length === 1 && facts[0] === 'definition' ? creation(after, []) : null;
  const replaceable = ['index', 'constraint', 'trigger', 'rule', 'policy', 'materializedView', 'statistics'];
  if (!replaceable.includes(after.kind)) return null;
  const [gone, made] = [drop(before), creation(after, [])];
  return gone === null || made === null ? null : [...gone, ...made];
}

/** Facts that a statement which makes the object brings with it. */
const redefined: ReadonlySet<string> = new Set(['definition', 'command', 'permissive', 'roles', 'using', 'check']);

const triggerStates: Readonly<Record<string, string>> = { no: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' };

const setTrigger = (trigger: SchemaObject): string =>
  `ALTER TABLE ${trigger.table} ${triggerStates[trigger.facts['enabled'] ?? ''] ?? 'ENABLE'} TRIGGER ${ownName(trigger)}`;

const toRowSecurity = ({ name, facts }: SchemaObject): string[] =>
  facts['rowSecurity'] === undefined
    ? [`ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`]
    : rowSecurity(name, facts['rowSecurity']);

const comments = (object: SchemaObject): string[] =>
  object.facts['comment'] === undefined ? [] : (setComment(object, object.facts['comment']) ?? []);

const columnComments = ({ kind }: SchemaObject, parts: readonly SchemaObject[]): string[] =>
  kind === 'table' ? parts.filter((part) => part.kind === 'column').flatMap(comments) : [];

function setComment(object: SchemaObject, text: string | null): string[] | null {
  const value = text === null ? 'NULL' : quoteLiteral(text);
  const { kind, name, table } = object;
  if (kind === 'column') return [`COMMENT ON COLUMN ${name} IS ${value}`];
  if (kind === 'constraint' || kind === 'trigger' || kind === 'policy' || kind === 'rule')
    return [`COMMENT ON ${kind.toUpperCase()} ${ownName(object)} ON ${table} IS ${value}`];
  if (kind === 'routine') return [`COMMENT ON ROUTINE ${name} IS ${value}`];
  if (kind === 'type') return [`COMMENT ON TYPE ${name} IS ${value}`];
  return words[kind] === undefined ? null : [`COMMENT ON ${words[kind]} ${name} IS ${value}`];
}
