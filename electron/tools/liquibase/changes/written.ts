/** Changes whose SQL somebody wrote, in the changelog or in a file of its own, and those that change nothing. */
import { serialised, sqlChecksum, textChecksum } from '../checksum.ts';
import type { SetChange, SqlPiece, WrittenSql } from '../model.ts';
import { booleanIn, type ChangeNode, isUnsure, textIn } from '../node.ts';
import { qualified, type SqlTarget, Untranslatable } from './names.ts';
import { createView } from './objects.ts';
import { place } from './tables.ts';

/** A text file that a change names, with values in the place of parameters. @throws {Untranslatable} */
export type ReadText = (path: string, relative: boolean) => string;

export function rawSql(sql: string, line: number, written: WrittenSql, dbms: string | null = null): SetChange {
  return {
    type: 'sql',
    description: 'sql',
    dbms,
    checksum: sqlChecksum(sql),
    up: () => [{ sql, line, written }],
    down: () => null,
  };
}

type Maker = (node: ChangeNode, read: ReadText) => SetChange;

export const writtenTypes: Readonly<Record<string, Maker>> = {
  sql: (node) => {
    const sql = textIn(node, 'sql') ?? node.value ?? '';
    return { ...rawSql(sql, lineOfText(node), writtenAs(node), textIn(node, 'dbms')), ...sure(node, sqlChecksum(sql)) };
  },
  sqlFile: (node, read) => {
    const path = required(node, 'path');
    const sql = read(path, booleanIn(node, 'relativeToChangelogFile') === true);
    if (textIn(node, 'encoding') !== null && !/^utf-?8$/i.test(textIn(node, 'encoding') ?? ''))
      throw new Untranslatable('files in another encoding than UTF-8 are not supported');
    return {
      ...rawSql(sql, node.line, writtenAs(node), textIn(node, 'dbms')),
      type: 'sqlFile',
      description: `sqlFile path=${path}`,
    };
  },
  createProcedure: (node, read) => {
    const path = textIn(node, 'path');
    const name = textIn(node, 'procedureName');
    const sql =
      path === null
        ? (textIn(node, 'procedureText') ?? node.value ?? '')
        : read(path, booleanIn(node, 'relativeToChangelogFile') === true);
    if (textIn(node, 'replaceIfExists') === 'true')
      throw new Untranslatable('replaceIfExists of createProcedure is not supported');
    const names = [...(path === null ? [] : [`path=${path}`]), ...(name === null ? [] : [`procedureName=${name}`])];
    const whole = { split: false, delimiter: null };
    return {
      ...rawSql(sql, lineOfText(node), whole, textIn(node, 'dbms')),
      type: 'createProcedure',
      description: ['createProcedure', names.join(', ')].filter((part) => part !== '').join(' '),
      ...sure(node, textChecksum(`${procedureChecksum(node)}:${sqlChecksum(sql)}`)),
    };
  },
  dropProcedure: (node) => {
    const fields = plainFields(node);
    const name = required(node, 'procedureName');
    return simple(node, fields, `dropProcedure procedureName=${name}`, (target) => {
      if (target.dbms === 'sqlite') throw new Untranslatable('SQLite has no procedures');
      return [`DROP PROCEDURE ${qualified(name, place(fields), target)}`];
    });
  },
  createView: (node, read) => {
    const { relativeToChangelogFile, encoding, path, selectQuery, ...fields } = plainFields(node);
    const query =
      path === undefined ? (selectQuery ?? node.value ?? '') : read(path, relativeToChangelogFile === 'true');
    const described = [...(path === undefined ? [] : [`path=${path}`]), `viewName=${required(node, 'viewName')}`].join(
      ', ',
    );
    const view = simple(node, fields, `createView ${described}`, (target) => createView(fields, query, target));
    return {
      ...view,
      ...sure(node, textChecksum(`${view.checksum ?? ''}:${sqlChecksum(query)}`)),
      // A view that replaces another has no way back.
      down: (target) =>
        fields['replaceIfExists'] === 'true'
          ? null
          : [{ sql: `DROP VIEW ${qualified(fields['viewName'] ?? '', place(fields), target)}`, line: node.line }],
    };
  },
  tagDatabase: (node) => nothing(node, { tag: required(node, 'tag') }),
  empty: (node) => nothing(node, {}),
  output: (node) =>
    nothing(node, { message: textIn(node, 'message') ?? node.value ?? '', target: textIn(node, 'target') ?? 'STDERR' }),
};

/** Of its fields without its text. */
function procedureChecksum(node: ChangeNode): string {
  const { path, procedureText, encoding, relativeToChangelogFile, dbms, ...fields } = plainFields(node);
  return textChecksum(serialised('createProcedure', fields));
}

/** Changes nothing in the database, and neither does its rollback. */
function nothing(node: ChangeNode, fields: Readonly<Record<string, string>>): SetChange {
  const checksum = textChecksum(serialised(node.name, fields));
  return { type: node.name, description: node.name, dbms: null, ...sure(node, checksum), up: () => [], down: () => [] };
}

function simple(
  node: ChangeNode,
  fields: Readonly<Record<string, string>>,
  description: string,
  sql: (target: SqlTarget) => string[],
): SetChange {
  return {
    type: node.name,
    description,
    dbms: textIn(node, 'dbms'),
    ...sure(node, textChecksum(serialised(node.name, fields))),
    up: (target) => sql(target).map((one): SqlPiece => ({ sql: one, line: node.line })),
    down: () => null,
  };
}

const sure = (node: ChangeNode, checksum: string) => ({ checksum: isUnsure(node) ? null : checksum });

function required(node: ChangeNode, name: string): string {
  const text = textIn(node, name);
  if (text === null) throw new Untranslatable(`it has no “${name}”`);
  return text;
}

const plainFields = (node: ChangeNode): Readonly<Record<string, string>> =>
  Object.fromEntries(node.children.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const])));

function writtenAs(node: ChangeNode): WrittenSql {
  const delimiter = textIn(node, 'endDelimiter');
  return { split: booleanIn(node, 'splitStatements') !== false, delimiter: delimiter === '' ? null : delimiter };
}

/** In YAML the text is a child with a line of its own. */
const lineOfText = (node: ChangeNode): number =>
  node.children.find(({ name }) => name === 'sql' || name === 'procedureText')?.line ?? node.line;
