// What a plain SQL dump of somebody else may do on our server: fill one database, and nothing beyond it.
import type { Statement } from '../../../../shared/model/statement.ts';
import { raise } from '../../../../shared/problem.ts';
import type { SqlText } from '../../../engine/ports.ts';

/**
 * A second line of defence behind the person's trust: functions that a dump defines and calls still run with the
 * account's rights.
 */
const refused: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /^(CREATE|ALTER|DROP)\s+(DATABASE|ROLE|USER|GROUP|TABLESPACE|SUBSCRIPTION|SERVER|SYSTEM)\b/,
    'concerns the whole server',
  ],
  [/^ALTER\s+SYSTEM\b/, 'concerns the whole server'],
  [/^(CREATE|ALTER)\s+USER\s+MAPPING\b/, 'reaches other servers'],
  [/^COPY\b(?![\s\S]*\bFROM\s+STDIN\b)/, 'reads or writes files or programs of the server'],
  [/^(DO|LOAD|VACUUM|CALL|EXECUTE|PREPARE|NOTIFY|LISTEN|REASSIGN|CHECKPOINT)\b/, 'is no part of a dump'],
  [/^SET\s+(SESSION\s+AUTHORIZATION|ROLE)\b/, 'acts as another account'],
  [/^(BEGIN|START|COMMIT|ROLLBACK|END|ABORT|SAVEPOINT|RELEASE)\b/, 'ends our transaction'],
];

/** Of queries dumps hold only these. */
const knownQuery = /^SELECT\s+pg_catalog\s*\.\s*(setval|set_config|lo_create|lo_open|lowrite|lo_close|lo_unlink)\s*\(/i;

/** @throws {ProblemError} `restore.unfit` */
export function requireForeignStatement(statement: Statement, sql: SqlText): void {
  const head = withoutComments(statement.text).slice(0, 2_000);
  const upper = head.toUpperCase();
  const found = refused.find(([pattern]) => pattern.test(upper))?.[1];
  const { kind } = sql.classify(statement.text);
  const strangeQuery = kind === 'query' && !/^COPY\b/.test(upper) && !knownQuery.test(head);
  if (found === undefined && !strangeQuery) return;
  raise({
    code: 'restore.unfit',
    message: `Line ${statement.line} of the dump ${found ?? 'asks for something no dump asks for'}: ${head.slice(0, 80)}`,
    hint: 'Take the dump again without --create and --clean, preferably as an archive (pg_dump -Fc).',
    line: statement.line,
  });
}

const withoutComments = (text: string): string => text.replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '');
