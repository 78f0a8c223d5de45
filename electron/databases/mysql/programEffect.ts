// What the catalogue must say of a view, routine, trigger or event when its definition has taken effect.

import { type ObjectName, Unreadable, type Words } from '../splitting/words.ts';
import { columnType } from './columnEffect.ts';
import { all, among, found, missing, quoteLiteral, same, schemaOf } from './effectSql.ts';

export type RoutineType = 'PROCEDURE' | 'FUNCTION';

const routine = (type: RoutineType, object: ObjectName): string[] => [
  `ROUTINE_SCHEMA = ${schemaOf(object)}`,
  `ROUTINE_NAME = ${quoteLiteral(object.name)}`,
  `ROUTINE_TYPE = '${type}'`,
];

/** After the name; `statement` is the whole one, of which the server keeps the body as written. @throws {Unreadable} */
export function createRoutine(words: Words, type: RoutineType, object: ObjectName, statement: string): string {
  const parameters = words.group();
  const conditions: string[] = [];
  let count = 0;
  while (!parameters.ended) conditions.push(parameter(parameters, type, object, ++count));
  if (type === 'FUNCTION') {
    words.expect('RETURNS');
    conditions.push(...returns(words, object));
  }
  const characteristics = characteristicsOf(words);
  const body = bodyFrom(words, statement);
  const total = `(SELECT COUNT(*) FROM information_schema.PARAMETERS WHERE ${ofRoutine(type, object)} AND ORDINAL_POSITION > 0) = ${count}`;
  return all([
    found('ROUTINES', ...routine(type, object), ...characteristics, bodyIs('ROUTINE_DEFINITION', body)),
    total,
    ...conditions,
  ]);
}

const ofRoutine = (type: RoutineType, object: ObjectName): string =>
  `SPECIFIC_SCHEMA = ${schemaOf(object)} AND SPECIFIC_NAME = ${quoteLiteral(object.name)} AND ROUTINE_TYPE = '${type}'`;

function parameter(words: Words, type: RoutineType, object: ObjectName, position: number): string {
  const mode = words.oneOf('IN', 'OUT', 'INOUT') || 'IN';
  const name = words.name();
  const types = columnType(words);
  characterSet(words);
  if (!words.ended) words.expect(',');
  return found(
    'PARAMETERS',
    ofRoutine(type, object),
    `ORDINAL_POSITION = ${position}`,
    `PARAMETER_NAME = ${quoteLiteral(name)}`,
    `PARAMETER_MODE = '${mode}'`,
    among('DTD_IDENTIFIER', types),
  );
}

function returns(words: Words, object: ObjectName): string[] {
  const types = columnType(words);
  characterSet(words);
  return [found('ROUTINES', ...routine('FUNCTION', object), among('DTD_IDENTIFIER', types))];
}

/** Not told of parameters where it is the database's own. */
function characterSet(words: Words): void {
  if (words.oneOf('CHARACTER SET', 'CHARSET') !== '') words.name();
  if (words.accept('COLLATE')) words.name();
}

/** What is written here, as ALTER PROCEDURE has it too. */
function characteristicsOf(words: Words): string[] {
  const conditions: string[] = [];
  for (;;) {
    const access = words.oneOf('CONTAINS SQL', 'NO SQL', 'READS SQL DATA', 'MODIFIES SQL DATA');
    const security = words.oneOf('SQL SECURITY DEFINER', 'SQL SECURITY INVOKER');
    const determinism = words.oneOf('NOT DETERMINISTIC', 'DETERMINISTIC');
    if (access !== '') conditions.push(`SQL_DATA_ACCESS = '${access}'`);
    else if (security !== '') conditions.push(`SECURITY_TYPE = '${security.slice(13)}'`);
    else if (determinism !== '')
      conditions.push(`IS_DETERMINISTIC = '${determinism === 'DETERMINISTIC' ? 'YES' : 'NO'}'`);
    else if (words.accept('COMMENT')) conditions.push(same('ROUTINE_COMMENT', words.text()));
    else if (!words.accept('LANGUAGE SQL')) return conditions;
  }
}

/** @throws {Unreadable} */
export function alterRoutine(words: Words, type: RoutineType, object: ObjectName): string {
  const characteristics = characteristicsOf(words);
  words.finish();
  return found('ROUTINES', ...routine(type, object), ...characteristics);
}

export const dropRoutine = (type: RoutineType, object: ObjectName): string =>
  missing('ROUTINES', ...routine(type, object));

function bodyFrom(words: Words, statement: string): string {
  const body = withoutComments(statement.slice(words.offset));
  if (body === '') throw new Unreadable('body');
  return body;
}

const withoutComments = (text: string): string =>
  text.replace(/^(?:\s|\/\*(?!M?!)[\s\S]*?\*\/|--\s[^\n]*\n|#[^\n]*\n)+/, '').trimEnd();

/** The server keeps a body as written, but may leave out spaces and a terminator at its end. */
const bodyIs = (column: string, body: string): string =>
  `TRIM(TRAILING ';' FROM TRIM(REPLACE(REPLACE(CONVERT(${column} USING utf8mb4), CHAR(13 USING utf8mb4), ' '), CHAR(10 USING utf8mb4), ' '))) COLLATE utf8mb4_bin = ${quoteLiteral(
    body
      .replace(/[\r\n]/g, ' ')
      .trim()
      .replace(/;+$/, ''),
  )}`;

export interface TriggerHead {
  readonly object: ObjectName;
  readonly table: ObjectName;
  readonly timing: string;
  readonly event: string;
}

/** After the table's name. @throws {Unreadable} */
export function createTrigger(
  words: Words,
  { object, table, timing, event: change }: TriggerHead,
  statement: string,
): string {
  words.expect('FOR EACH ROW');
  if (words.oneOf('FOLLOWS', 'PRECEDES') !== '') words.name();
  return found(
    'TRIGGERS',
    `TRIGGER_SCHEMA = ${schemaOf(table)}`,
    `TRIGGER_NAME = ${quoteLiteral(object.name)}`,
    `EVENT_OBJECT_SCHEMA = ${schemaOf(table)}`,
    `EVENT_OBJECT_TABLE = ${quoteLiteral(table.name)}`,
    `ACTION_TIMING = '${timing}'`,
    `EVENT_MANIPULATION = '${change}'`,
    bodyIs('ACTION_STATEMENT', bodyFrom(words, statement)),
  );
}

export const dropTrigger = (object: ObjectName): string =>
  missing('TRIGGERS', `TRIGGER_SCHEMA = ${schemaOf(object)}`, `TRIGGER_NAME = ${quoteLiteral(object.name)}`);

const event = (object: ObjectName): string[] => [
  `EVENT_SCHEMA = ${schemaOf(object)}`,
  `EVENT_NAME = ${quoteLiteral(object.name)}`,
];

/** After the name, of CREATE EVENT and ALTER EVENT. @throws {Unreadable} */
export function changeEvent(words: Words, object: ObjectName, statement: string): string {
  let name = object;
  const conditions: string[] = [];
  if (words.accept('ON SCHEDULE')) conditions.push(...schedule(words));
  if (words.accept('ON COMPLETION NOT PRESERVE')) conditions.push("ON_COMPLETION = 'NOT PRESERVE'");
  else if (words.accept('ON COMPLETION PRESERVE')) conditions.push("ON_COMPLETION = 'PRESERVE'");
  if (words.accept('RENAME TO')) name = words.object();
  const status = words.oneOf('ENABLE', 'DISABLE');
  if (status !== '') conditions.push(`STATUS = '${status}D'`);
  if (words.accept('COMMENT')) conditions.push(same('EVENT_COMMENT', words.text()));
  if (words.accept('DO')) conditions.push(bodyIs('EVENT_DEFINITION', bodyFrom(words, statement)));
  else words.finish();
  const gone = name === object ? [] : [dropEvent(object)];
  return all([found('EVENTS', ...event(name), ...conditions), ...gone]);
}

function schedule(words: Words): string[] {
  if (words.accept('AT')) {
    // Only a moment written out is the same whenever it is read.
    words.accept('TIMESTAMP');
    return ["EVENT_TYPE = 'ONE TIME'", `EXECUTE_AT = ${quoteLiteral(words.text())}`];
  }
  words.expect('EVERY');
  const value = words.next().source.replaceAll("'", '');
  const conditions = [`INTERVAL_VALUE = ${quoteLiteral(value)}`, `INTERVAL_FIELD = ${quoteLiteral(words.name())}`];
  for (const bound of ['STARTS', 'ENDS'])
    if (words.accept(bound)) conditions.push(`${bound} = ${quoteLiteral(words.text())}`);
  return conditions;
}

export const dropEvent = (object: ObjectName): string => missing('EVENTS', ...event(object));
