/** The schema as lines, from the server's own SHOW CREATE. */
import type { Session, TableName } from '../../engine/ports.ts';
import { mysqlDialect } from './dialect.ts';

const { quoteIdentifier } = mysqlDialect;

const objects = `
SELECT TABLE_TYPE AS kind, TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
UNION ALL SELECT 'TRIGGER', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
UNION ALL SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()
UNION ALL SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()
ORDER BY 1, 2`;

export async function readSchema(session: Session, except: readonly TableName[]): Promise<string[]> {
  const left = new Set(except.map(({ name }) => name.toLowerCase()));
  const lines: string[] = [];
  for (const { kind, name } of await session.query(objects)) {
    if (left.has(String(name).toLowerCase())) continue;
    const word = showWords[String(kind)] ?? 'TABLE';
    const [row = {}] = await session.query(`SHOW CREATE ${word} ${quoteIdentifier(String(name))}`);
    const create = Object.entries(row).find(([column]) => /^(?:Create |SQL Original Statement)/i.test(column))?.[1];
    lines.push(...definitionLines(`${word.toLowerCase()} ${String(name)}`, String(create ?? ''), word));
  }
  return lines.sort();
}

const showWords: Readonly<Record<string, string>> = {
  VIEW: 'VIEW',
  SEQUENCE: 'SEQUENCE',
  TRIGGER: 'TRIGGER',
  PROCEDURE: 'PROCEDURE',
  FUNCTION: 'FUNCTION',
  EVENT: 'EVENT',
};

/** A table's columns and keys are lines of their own, so that a difference shows where it is. */
function definitionLines(object: string, create: string, word: string): string[] {
  // Where rows were inserted, the next number differs; it is no part of the schema.
  const stable = create.replace(/ AUTO_INCREMENT=\d+/, '').replace(/ (?:START|STARTS) '[^']*'/, '');
  if (word !== 'TABLE') return [`${object}: ${stable}`];
  return stable
    .split('\n')
    .map((line, index) => `${object} ${index === 0 ? '' : line.trim().replace(/,$/, '')}`.trim());
}
