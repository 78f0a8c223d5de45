/** Preconditions as questions to the database (precondition/core). */
import type { Otherwise, Question } from '../../../shared/model/condition.ts';
import { isMysql, literal, type SqlTarget, Untranslatable } from './changes/names.ts';
import { listOf, meantForDbms } from './conditions.ts';
import { normalPath } from './model.ts';
import { type ChangeNode, textIn } from './node.ts';

export interface ConditionFacts {
  readonly target: SqlTarget;
  readonly parameterOf: (name: string) => string | null;
  /** Quoted. */
  readonly historyTable: string;
  readonly user: string | null;
}

const options = { HALT: 'stop', CONTINUE: 'skip', MARK_RAN: 'record', WARN: 'warn' } as const;

/** @throws {Untranslatable} */
export function otherwiseOf(node: ChangeNode, name: 'onFail' | 'onError'): Otherwise {
  const text = (textIn(node, name) ?? 'HALT').toUpperCase();
  const found = Object.entries(options).find(([option]) => option === text)?.[1];
  if (found === undefined) throw new Untranslatable(`${name} ${text} is not known`);
  return found;
}

const settings: ReadonlySet<string> = new Set([
  'onFail',
  'onError',
  'onUpdateSQL',
  'onUpdateSql',
  'onFailMessage',
  'onErrorMessage',
  'onSqlOutput',
]);

/** @throws {Untranslatable} naming the first that is not supported */
export function questionOf(node: ChangeNode, facts: ConditionFacts): Question {
  const parts = node.children.filter(({ name }) => !settings.has(name)).map((child) => single(child, facts));
  if (node.name === 'or') return { any: parts };
  return node.name === 'not' ? { none: parts } : { all: parts };
}

/** The answer, where that needs no database; what comes after a question that does is not looked at, as it may fail. */
export function knownAnswer(question: Question): boolean | null {
  if ('ask' in question) return null;
  const [parts, ends] =
    'all' in question ? [question.all, false] : 'any' in question ? [question.any, true] : [question.none, true];
  const decided = 'any' in question;
  for (const part of parts) {
    const answer = knownAnswer(part);
    if (answer === null) return null;
    if (answer === ends) return decided;
  }
  return !decided;
}

const always = (yes: boolean): Question => (yes ? { all: [] } : { any: [] });

function single(node: ChangeNode, facts: ConditionFacts): Question {
  switch (node.name) {
    case 'and':
    case 'or':
    case 'not':
      return questionOf(node, facts);
    case 'dbms':
      return always(meantForDbms(textIn(node, 'type'), facts.target.dbms));
    case 'changeLogPropertyDefined':
      return always(propertyIs(node, facts));
    case 'runningAs':
      if (facts.user === null) throw new Untranslatable('the precondition runningAs is not supported on SQLite');
      return always(facts.user.toLowerCase() === (textIn(node, 'username') ?? '').toLowerCase());
    case 'sqlCheck':
      return answered(node, facts);
    default:
      return { ask: `SELECT CASE WHEN ${sqlOf(node, facts)} THEN 1 ELSE 0 END AS answer`, answer: '1' };
  }
}

/** Values are compared as JDBC writes them: PostgreSQL's own way, with t and f. */
function answered(node: ChangeNode, { target }: ConditionFacts): Question {
  const sql = (textIn(node, 'sql') ?? node.value ?? '').trim().replace(/;\s*$/, '');
  if (!/^\(*\s*(?:select|with)\b/i.test(sql))
    throw new Untranslatable('the precondition sqlCheck is supported for SELECT only');
  const answer = requiredText(node, 'expectedResult');
  if (target.dbms !== 'postgresql') return { ask: sql, answer };
  const written = "CASE WHEN answer IS NULL THEN NULL ELSE format('%s', answer) END";
  return { ask: `SELECT ${written} AS answer FROM (${sql}\n) AS asked (answer)`, answer };
}

function requiredText(node: ChangeNode, name: string): string {
  const value = textIn(node, name);
  if (value === null) throw new Untranslatable(`the precondition ${node.name} has no “${name}”`);
  return value;
}

function propertyIs(node: ChangeNode, { parameterOf }: ConditionFacts): boolean {
  const value = parameterOf(textIn(node, 'property') ?? '');
  const wanted = textIn(node, 'value');
  return value !== null && (wanted === null || wanted === value);
}

function sqlOf(node: ChangeNode, facts: ConditionFacts): string {
  const { target } = facts;
  const text = (name: string) => requiredText(node, name);
  const schema = textIn(node, 'schemaName') ?? (isMysql(target) ? textIn(node, 'catalogName') : null);
  switch (node.name) {
    case 'tableExists':
      return relationExists(text('tableName'), 'table', schema, target);
    case 'viewExists':
      return relationExists(text('viewName'), 'view', schema, target);
    case 'columnExists':
      return columnExists(text('tableName'), text('columnName'), schema, target);
    case 'sequenceExists':
      if (target.dbms !== 'postgresql') break;
      return `EXISTS (SELECT 1 FROM information_schema.sequences WHERE ${same('sequence_name', text('sequenceName'), target)} AND ${inSchema('sequence_schema', schema, target)})`;
    case 'indexExists':
      return indexExists(node, schema, target);
    case 'foreignKeyConstraintExists':
      return constraintExists(
        'FOREIGN KEY',
        text('foreignKeyName'),
        node,
        'foreignKeyTableName',
        textIn(node, 'foreignKeyTableSchemaName') ?? schema,
        target,
      );
    case 'primaryKeyExists':
      return constraintExists('PRIMARY KEY', textIn(node, 'primaryKeyName'), node, 'tableName', schema, target);
    case 'uniqueConstraintExists':
      if (textIn(node, 'columnNames') !== null)
        throw new Untranslatable('the precondition uniqueConstraintExists by columns is not supported');
      return constraintExists('UNIQUE', text('constraintName'), node, 'tableName', schema, target);
    case 'rowCount':
      return `(SELECT COUNT(*) FROM ${tableName(text('tableName'), schema, target)}) = ${whole(text('expectedRows'))}`;
    case 'tableIsEmpty':
      return `NOT EXISTS (SELECT 1 FROM ${tableName(text('tableName'), schema, target)})`;
    case 'changeSetExecuted': {
      const file = normalPath(text('changeLogFile'));
      return `EXISTS (SELECT 1 FROM ${facts.historyTable} WHERE ID = ${literal(text('id'), target)} AND AUTHOR = ${literal(text('author'), target)} AND FILENAME IN (${literal(file, target)}, ${literal(`classpath:${file}`, target)}))`;
    }
    default:
      break;
  }
  throw new Untranslatable(`the precondition ${node.name} is not supported on ${target.dbms}`);
}

const whole = (text: string): string => {
  if (/^\d+$/.test(text)) return text;
  throw new Untranslatable(`“${text}” is no number of rows`);
};

const tableName = (name: string, schema: string | null, target: SqlTarget): string =>
  [...(schema === null ? [] : [schema]), name].map((part) => quotedName(part, target)).join('.');

function quotedName(name: string, target: SqlTarget): string {
  const mark = isMysql(target) ? '`' : '"';
  const meant =
    target.dbms === 'postgresql' && !/\p{Lu}.*\p{Ll}|\p{Ll}.*\p{Lu}/u.test(name) ? name.toLowerCase() : name;
  return mark + meant.replaceAll(mark, mark + mark) + mark;
}

/** As Liquibase's snapshots find names: SQLite's as they are, MySQL's but for columns by the server's own rule. */
function same(column: string, name: string, target: SqlTarget): string {
  const wanted = literal(name, target);
  const folded = `LOWER(${column}) = LOWER(${wanted})`;
  if (target.dbms === 'sqlite') return `${column} = ${wanted}`;
  if (!isMysql(target) || column === 'column_name') return folded;
  return `IF(@@lower_case_table_names = 0, CONVERT(${column} USING utf8mb4) COLLATE utf8mb4_bin = ${wanted}, ${folded})`;
}

const inSchema = (column: string, schema: string | null, target: SqlTarget): string => {
  if (schema !== null) return same(column, schema, target);
  return `${column} = ${isMysql(target) ? 'DATABASE()' : 'current_schema()'}`;
};

function relationExists(name: string, kind: 'table' | 'view', schema: string | null, target: SqlTarget): string {
  if (target.dbms === 'sqlite')
    return `EXISTS (SELECT 1 FROM sqlite_master WHERE type = '${kind}' AND ${same('name', name, target)})`;
  const type = kind === 'view' ? "table_type = 'VIEW'" : "table_type <> 'VIEW'";
  return `EXISTS (SELECT 1 FROM information_schema.tables WHERE ${same('table_name', name, target)} AND ${inSchema('table_schema', schema, target)} AND ${type})`;
}

function columnExists(table: string, column: string, schema: string | null, target: SqlTarget): string {
  if (target.dbms === 'sqlite')
    return `EXISTS (SELECT 1 FROM sqlite_master, pragma_table_info(sqlite_master.name) AS found WHERE ${same('sqlite_master.name', table, target)} AND ${same('found.name', column, target)})`;
  return `EXISTS (SELECT 1 FROM information_schema.columns WHERE ${same('table_name', table, target)} AND ${same('column_name', column, target)} AND ${inSchema('table_schema', schema, target)})`;
}

function indexExists(node: ChangeNode, schema: string | null, target: SqlTarget): string {
  const name = textIn(node, 'indexName');
  if (name === null || listOf(textIn(node, 'columnNames')).length > 0)
    throw new Untranslatable('the precondition indexExists by columns is not supported');
  const table = textIn(node, 'tableName');
  const onTable = (column: string) => (table === null ? '' : ` AND ${same(column, table, target)}`);
  switch (target.dbms) {
    case 'postgresql':
      return `EXISTS (SELECT 1 FROM pg_indexes WHERE ${same('indexname', name, target)} AND ${inSchema('schemaname', schema, target)}${onTable('tablename')})`;
    case 'sqlite':
      return `EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'index' AND ${same('name', name, target)}${onTable('tbl_name')})`;
    default:
      return `EXISTS (SELECT 1 FROM information_schema.statistics WHERE ${same('index_name', name, target)} AND ${inSchema('table_schema', schema, target)}${onTable('table_name')})`;
  }
}

function constraintExists(
  kind: string,
  name: string | null,
  node: ChangeNode,
  tableField: string,
  schema: string | null,
  target: SqlTarget,
): string {
  const table = textIn(node, tableField);
  if (target.dbms === 'sqlite') throw new Untranslatable(`the precondition ${node.name} is not supported on SQLite`);
  if (name === null && table === null) throw new Untranslatable(`the precondition ${node.name} names nothing`);
  // MySQL calls every primary key PRIMARY.
  const byName =
    name === null || (kind === 'PRIMARY KEY' && isMysql(target) && table !== null)
      ? ''
      : ` AND ${same('constraint_name', name, target)}`;
  const byTable = table === null ? '' : ` AND ${same('table_name', table, target)}`;
  return `EXISTS (SELECT 1 FROM information_schema.table_constraints WHERE constraint_type = '${kind}' AND ${inSchema('table_schema', schema, target)}${byName}${byTable})`;
}
