// What of a dump stays out of a copy to be thrown away: what acts by itself, reaches other servers, or is made before.

const outside = [
  'EXTENSION',
  'SUBSCRIPTION',
  'SUBSCRIPTION TABLE',
  'PUBLICATION',
  'PUBLICATION TABLE',
  'PUBLICATION TABLES IN SCHEMA',
  'SERVER',
  'USER MAPPING',
  'FOREIGN DATA WRAPPER',
  'EVENT TRIGGER',
];

/** Of archives: `<id>; <catalogue> <oid> <description> <schema> <name> <owner>`. */
const entry = new RegExp(
  `^\\d+; \\d+ \\d+ (?:(?:${outside.join('|')}) |COMMENT - (?:${outside.join('|')}) |TABLE DATA cron |SEQUENCE SET cron )`,
);

/** The lines of `pg_restore --list` that are restored. */
export const copyEntries = (list: string): string =>
  list
    .split('\n')
    .filter((line) => !entry.test(line))
    .join('\n');

/** Of plain dumps. */
const statement = new RegExp(
  `^(?:\\s|--[^\\n]*\\n)*(?:(?:CREATE|ALTER)\\s+(?:${outside.join('|')})\\b|COMMENT\\s+ON\\s+(?:${outside.join('|')})\\b|GRANT\\b|REVOKE\\b|ALTER\\s+DEFAULT\\s+PRIVILEGES\\b|ALTER\\s[^;']*\\sOWNER\\s+TO\\s)`,
);

export const staysOut = (sql: string): boolean => statement.test(sql);
