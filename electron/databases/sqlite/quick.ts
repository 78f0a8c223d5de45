/** What is known to end soon from its words alone. */

/** Characters: longer ones take their time. */
const longest = 1_000_000;

const insert = /^(?:INSERT|REPLACE)\b[^;]*?\bVALUES\b/i;
/** Rows that come back, or others that are read. */
const readsRows = /\b(?:RETURNING|SELECT)\b/i;
const definition = /^CREATE\s+(?:TABLE\b(?![^(]*\bAS\b)|(?:UNIQUE\s+)?INDEX\b|VIEW\b|TRIGGER\b)/i;

/** It inserts the rows that it names, and gives none back. */
export const isPlainInsert = (sql: string): boolean => insert.test(sql) && sql.length < longest && !readsRows.test(sql);

/** On a small file, as an index is built of what is there. */
export const isDefinition = (sql: string): boolean => definition.test(sql);
