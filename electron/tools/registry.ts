import { raise } from '../../shared/problem.ts';
import { alembic } from './alembic/index.ts';
import { dbmate } from './dbmate/index.ts';
import { dcms } from './dcms/index.ts';
import { diesel } from './diesel/index.ts';
import { django } from './django/index.ts';
import { drizzle } from './drizzle/index.ts';
import { flyway } from './flyway/index.ts';
import { golangMigrate } from './golang-migrate/index.ts';
import { goose } from './goose/index.ts';
import { graphileMigrate } from './graphile-migrate/index.ts';
import { guestRegistration } from './guest-registration/index.ts';
import { hmis } from './hmis/index.ts';
import { knex } from './knex/index.ts';
import { liquibase } from './liquibase/index.ts';
import { lockkeeper } from './lockkeeper/index.ts';
import { nodePgMigrate } from './node-pg-migrate/index.ts';
import { postgrator } from './postgrator/index.ts';
import { prisma } from './prisma/index.ts';
import { rails } from './rails/index.ts';
import { refinery } from './refinery/index.ts';
import { sqitch } from './sqitch/index.ts';
import { sqlx } from './sqlx/index.ts';
import type { Tool } from './tool.ts';
import { typeorm } from './typeorm/index.ts';
import { umzug } from './umzug/index.ts';

/** Every tool; a new one is a line here. */
export const tools: readonly Tool[] = [
  lockkeeper,
  hmis,
  guestRegistration,
  dcms,
  dbmate,
  nodePgMigrate,
  flyway,
  goose,
  knex,
  umzug,
  typeorm,
  golangMigrate,
  prisma,
  sqlx,
  refinery,
  diesel,
  liquibase,
  drizzle,
  graphileMigrate,
  postgrator,
  rails,
  sqitch,
  alembic,
  django,
];

/** @throws {ProblemError} `source.unknownTool` */
export function toolFor(id: string): Tool {
  const tool = tools.find((candidate) => candidate.id === id);
  if (tool !== undefined) return tool;
  raise({
    code: 'source.unknownTool',
    message: `There is no tool called "${id}".`,
    hint: `Known tools: ${tools.map((known) => known.id).join(', ')}.`,
  });
}
