/** The packages that call migrations, by how a program is called. */
import type { Program } from '../../../shared/model/migration.ts';

const packages: Readonly<Record<Program['calledWith'], string | null>> = {
  handle: null,
  pgm: 'node-pg-migrate',
  knex: 'knex',
  sequelize: 'sequelize',
  typeorm: 'typeorm',
};

/** Null for our own handle. */
export const packageOf = (calledWith: Program['calledWith']): string | null => packages[calledWith];
