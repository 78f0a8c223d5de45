import { PgLiteral } from 'node-pg-migrate';

/** For every table that people write to. */
export const timestamps = {
  created_at: { type: 'timestamptz', notNull: true, default: new PgLiteral('now()') },
};
