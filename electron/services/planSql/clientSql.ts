/** What an exported plan says to the client programs psql, mariadb (mysql) and sqlite3, in words that each understands. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect } from '../../engine/ports.ts';

/** Something that must be so before the first statement. */
export interface Guard {
  /** SQL that is true then. */
  readonly holds: string;
  /** What the client tells when it is not; plain letters. */
  readonly otherwise: string;
}

export interface ClientSql {
  /** So that the client ends with the first error. */
  readonly stopAtError: string;
  guards(guards: readonly Guard[]): string;
  /** Prints one line of evidence: who, when, and how far. */
  evidence(plan: string, step: number): string;
}

export const clientSql = (engine: EngineId, dialect: Dialect): ClientSql => {
  switch (engine) {
    case 'postgres':
      return psql(dialect);
    case 'mysql':
      return mysql(dialect);
    case 'sqlite':
      return sqlite(dialect);
  }
};

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');

const psql = ({ quoteLiteral }: Dialect): ClientSql => ({
  stopAtError: '\\set ON_ERROR_STOP on\n',
  guards(guards) {
    // A statement of its own each: a right that one needs is not asked for before it is its turn.
    const body = guards.map(
      ({ holds, otherwise }) =>
        `  IF (${holds}) IS NOT TRUE THEN RAISE EXCEPTION USING MESSAGE = ${quoteLiteral(otherwise)}; END IF;`,
    );
    const tag = tagFor(body.join('\n'));
    return lines([`DO ${tag}`, 'BEGIN', ...body, 'END', `${tag};`]);
  },
  evidence: (plan, step) =>
    `SELECT format('lockkeeper-evidence:%s:%s:%s:%s', '${plan}', ${step}, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'), encode(convert_to(current_user::text, 'UTF8'), 'hex')) AS evidence;\n`,
});

/** A dollar quote that the text does not hold. */
function tagFor(text: string): string {
  let tag = '$lockkeeper$';
  for (let number = 1; text.includes(tag); number++) tag = `$lockkeeper${number}$`;
  return tag;
}

/** Outside of routines nothing can raise an error on purpose: so what is prepared is no SQL, and the error quotes it. */
const mysql = ({ quoteLiteral }: Dialect): ClientSql => ({
  stopAtError: '',
  guards: (guards) =>
    lines([
      ...guards.flatMap(({ holds, otherwise }) => [
        `SET @lockkeeper_guard = IF(${holds}, 'DO 0', ${quoteLiteral(otherwise)});`,
        'PREPARE lockkeeper_guard FROM @lockkeeper_guard;',
        'EXECUTE lockkeeper_guard;',
      ]),
      'DEALLOCATE PREPARE lockkeeper_guard;',
    ]),
  evidence: (plan, step) =>
    `SELECT CONCAT('lockkeeper-evidence:${plan}:${step}:', DATE_FORMAT(UTC_TIMESTAMP(), '%Y%m%dT%H%i%sZ'), ':', LOWER(HEX(CURRENT_USER()))) AS evidence;\n`,
});

/** A constraint that does not hold is told by its name. */
const sqlite = ({ quoteIdentifier }: Dialect): ClientSql => ({
  stopAtError: '.bail on\n',
  guards: (guards) =>
    lines(
      guards.flatMap(({ holds, otherwise }, index) => [
        `CREATE TEMP TABLE lockkeeper_guard_${index} (holds INTEGER NOT NULL CONSTRAINT ${quoteIdentifier(otherwise)} CHECK (holds));`,
        `INSERT INTO temp.lockkeeper_guard_${index} VALUES (coalesce(${holds}, 0));`,
        `DROP TABLE temp.lockkeeper_guard_${index};`,
      ]),
    ),
  evidence: (plan, step) =>
    `SELECT 'lockkeeper-evidence:${plan}:${step}:' || strftime('%Y%m%dT%H%M%SZ', 'now') || ':' AS evidence;\n`,
});
