/** Every peer, and which of them can be had here. */
import type { Contender } from '../contenders.ts';
import { activeRecord } from './activeRecord.ts';
import { alembic } from './alembic.ts';
import { dbMigrate } from './dbMigrate.ts';
import { dbmate } from './dbmate.ts';
import { django } from './django.ts';
import { drizzle } from './drizzle.ts';
import { knex } from './knex.ts';
import { liquibase } from './liquibase.ts';
import { nodePgMigrate } from './nodePgMigrate.ts';
import { type BenchPeer, contenderOf } from './peer.ts';
import { postgrator } from './postgrator.ts';
import { postgresMigrations } from './postgresMigrations.ts';
import { prisma } from './prisma.ts';
import { sequelizeCli } from './sequelizeCli.ts';
import { sqitch } from './sqitch.ts';
import { sqlMigrate } from './sqlMigrate.ts';
import { typeorm } from './typeorm.ts';
import { umzug } from './umzug.ts';
import { yoyo } from './yoyo.ts';

const all: readonly BenchPeer[] = [
  ...[dbmate, sqlMigrate, umzug, knex, nodePgMigrate, postgresMigrations, dbMigrate, postgrator, typeorm, drizzle],
  ...[alembic, django, activeRecord, yoyo, liquibase, prisma, sequelizeCli, sqitch],
];

/** @param wanted their ids; null: all */
export async function installPeers(
  wanted: readonly string[] | null,
): Promise<{ readonly peers: readonly Contender[]; readonly told: string }> {
  const unknown = wanted?.filter((id) => !all.some((peer) => peer.id === id)) ?? [];
  const known = all.map(({ id }) => id).join(', ');
  if (unknown.length > 0) throw new Error(`There is no peer ${unknown.join(', ')}; choose of ${known}`);
  const peers: Contender[] = [];
  const lines: string[] = [];
  for (const peer of all.filter(({ id }) => wanted?.includes(id) ?? true))
    try {
      const contender = contenderOf(peer, await peer.install());
      peers.push(contender);
      lines.push(`- ${contender.title}`);
    } catch (error) {
      lines.push(`- ${peer.id}: left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  const told = lines.join('\n');
  console.log(told);
  return { peers, told };
}
