/** The schema as objects, from the server's own SHOW CREATE: each line of a table's is a clause that ALTER TABLE takes. */
import type { SchemaObject, SchemaObjectKind } from '../../../shared/model/snapshot.ts';
import { inOrder } from '../../engine/compareSnapshots.ts';
import type { Row, Session, TableName } from '../../engine/ports.ts';
import { mysqlDialect } from './dialect.ts';

const { quoteIdentifier } = mysqlDialect;

const objects = `
SELECT TABLE_TYPE AS kind, TABLE_NAME AS name, NULL AS owner FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
UNION ALL SELECT 'TRIGGER', TRIGGER_NAME, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME, NULL FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
UNION ALL SELECT 'EVENT', EVENT_NAME, NULL FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()`;

/** By the catalogue's word: ours, and the one after SHOW CREATE. */
const kinds: Readonly<Record<string, readonly [kind: SchemaObjectKind, show: string]>> = {
  'BASE TABLE': ['table', 'TABLE'],
  'SYSTEM VERSIONED': ['table', 'TABLE'],
  VIEW: ['view', 'VIEW'],
  SEQUENCE: ['sequence', 'SEQUENCE'],
  TRIGGER: ['trigger', 'TRIGGER'],
  PROCEDURE: ['routine', 'PROCEDURE'],
  FUNCTION: ['routine', 'FUNCTION'],
  PACKAGE: ['routine', 'PACKAGE'],
  'PACKAGE BODY': ['routine', 'PACKAGE BODY'],
  EVENT: ['event', 'EVENT'],
};

export async function readSnapshot(session: Session, except: readonly TableName[]): Promise<SchemaObject[]> {
  const left = new Set(except.map(({ name }) => name.toLowerCase()));
  const rows = (await session.query(objects)).filter(({ name }) => !left.has(String(name).toLowerCase()));
  const listed = rows.map(({ kind: word, name, owner }) => {
    const [kind, show] = kinds[String(word)] ?? ['table', 'TABLE'];
    return { kind, show, name: String(name), owner: owner === null ? null : quoteIdentifier(String(owner)) };
  });
  const answers = await Promise.all(
    listed.map(({ show, name }) => session.query(`SHOW CREATE ${show} ${quoteIdentifier(name)}`)),
  );
  return inOrder(
    listed.flatMap(({ kind, show, name, owner }, index) => {
      const text = textIn(answers[index]?.[0] ?? {});
      return kind === 'table' ? tableObjects(name, text) : [standing(kind, show, name, owner, text)];
    }),
  );
}

const textIn = (row: Row): string =>
  String(Object.entries(row).find(([column]) => /^(?:Create |SQL Original Statement)/i.test(column))?.[1] ?? '');

function standing(
  kind: SchemaObjectKind,
  show: string,
  name: string,
  table: string | null,
  text: string,
): SchemaObject {
  const definer = / DEFINER=(`(?:[^`]|``)*`@`(?:[^`]|``)*`)/.exec(text)?.[1];
  const definition = text
    .replace(/ DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*`/, '')
    .replace(kind === 'event' ? / STARTS '[^']*'/ : /$^/, '')
    .replace(kind === 'sequence' ? / (?:start with|restart) \d+/ : /$^/, '');
  const prefix = kind === 'routine' ? `${show.toLowerCase()} ` : '';
  return {
    kind,
    name: `${prefix}${quoteIdentifier(name)}`,
    table,
    facts: { definition, ...(definer === undefined ? {} : { owner: definer }) },
    create: text,
  };
}

/** The first line names the table, the last has its options; between them stands one clause a line. */
function tableObjects(name: string, create: string): SchemaObject[] {
  const table = quoteIdentifier(name);
  const lines = create.split('\n');
  const end = lines.findLastIndex((line) => line.startsWith(')'));
  const clauses = lines.slice(1, end).map((line) => line.trim().replace(/,$/, ''));
  // Where rows were inserted, the next number differs; it is no part of the schema.
  const tail = lines
    .slice(end)
    .join('\n')
    .slice(1)
    .trim()
    .replace(/ ?AUTO_INCREMENT=\d+/, '');
  let position = 0;
  const parts = clauses.map((clause): SchemaObject => {
    if (clause.startsWith('`')) position += 1;
    return clauseObject(table, clause, position);
  });
  const facts = commented('definition', tail, / COMMENT='((?:[^']|'')*)'/);
  return [{ kind: 'table', name: table, table: null, facts, create: `${create}` }, ...parts];
}

function clauseObject(table: string, clause: string, position: number): SchemaObject {
  const column = /^`(?:[^`]|``)+`/.exec(clause)?.[0];
  if (column !== undefined) {
    const rest = clause.slice(column.length + 1);
    const facts = { ...commented('type', rest, / COMMENT '((?:[^']|'')*)'/), position: String(position) };
    return { kind: 'column', name: `${table}.${column}`, table, facts, create: clause };
  }
  const constraint = /^CONSTRAINT (`(?:[^`]|``)+`) (.*)$/s.exec(clause);
  if (constraint !== null) {
    const [, named = '', definition = ''] = constraint;
    const generated = /_ibfk_\d+`$|^`CONSTRAINT_\d+`$|_chk_\d+`$/.test(named);
    const facts = { definition, ...(generated ? { nameGenerated: 'yes' } : {}) };
    return { kind: 'constraint', name: `${table}.${named}`, table, facts, create: clause };
  }
  const key = /^((?:UNIQUE |FULLTEXT |SPATIAL )?KEY) (`(?:[^`]|``)+`) (.*)$/s.exec(clause);
  if (key !== null) {
    const [, kind = '', named = '', columns = ''] = key;
    // The server names a key after its first column.
    const generated = columns.startsWith(`(${named}`) || columns.startsWith(`(${named.replace(/_\d+`$/, '`')}`);
    const facts = { definition: `${kind} ${columns}`, ...(generated ? { nameGenerated: 'yes' } : {}) };
    return { kind: 'index', name: `${table}.${named}`, table, facts, create: clause };
  }
  const primary = clause.startsWith('PRIMARY KEY');
  const facts = { definition: clause };
  return {
    kind: 'constraint',
    name: `${table}.${primary ? 'PRIMARY' : clause.slice(0, 64)}`,
    table,
    facts,
    create: clause,
  };
}

/** A comment is a fact of its own. */
function commented(word: string, text: string, form: RegExp): Record<string, string> {
  const comment = form.exec(text)?.[1];
  const rest = text.replace(form, '');
  return comment === undefined ? { [word]: rest } : { [word]: rest, comment: comment.replaceAll("''", "'") };
}
