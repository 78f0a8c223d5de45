/** SQLite's own tables (`sqlite_…`) and the indexes of constraints have no statement of their own and do not count. */
export const countsQuery = `SELECT type AS kind, count(*) AS number FROM sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' GROUP BY type`;
