// The tools under the tools' conformance suite: a sample tree for each engine, and what the history table keeps.
import { join } from 'node:path';
import type { EngineId } from '../../shared/model/environment.ts';
import type { HistoryEntry } from '../../shared/model/history.ts';

/** The same for every engine, or by engine. */
type ByEngine<T> = T | { readonly byEngine: Readonly<Partial<Record<EngineId, T>>> };

/** @throws when the case says nothing of that engine */
export function onEngine<T>(value: ByEngine<T>, engine: EngineId): T {
  if (typeof value !== 'object' || value === null || !('byEngine' in value)) return value as T;
  const found = value.byEngine[engine];
  if (found === undefined) throw new Error(`nothing is said of ${engine}`);
  return found;
}

export interface ToolCase {
  readonly tool: string;
  /** The sample tree for an engine; for every engine that the tool works on. */
  readonly sample: Readonly<Partial<Record<EngineId, string>>>;
  /** In order. */
  readonly versions: readonly string[];
  /** The last migration that has a way back; null: the tool knows none. */
  readonly reversible: string | null;
  /** Fields of an entry that the table keeps. */
  readonly keeps: ByEngine<readonly (keyof HistoryEntry)[]>;
  /** What a failed attempt outside a transaction leaves; null: nothing. */
  readonly afterFailure: ByEngine<HistoryEntry['state'] | null>;
  /** What such an attempt shows while it runs; absent: `executing` where a failure leaves something. */
  readonly begun?: ByEngine<HistoryEntry['state'] | null>;
  /** False: the table does not keep what the failure said. */
  readonly message?: false;
  /** What is read of a migration that was rolled back; null: nothing. */
  readonly afterRevert: HistoryEntry['state'] | null;
  /** Other tools whose tables have the same columns: files decide between them. */
  readonly alike?: readonly string[];
  /** Three keys that the table can hold and the sample has not; where its column takes no text. */
  readonly otherKeys?: readonly [string, string, string];
  /** One that its column can hold, where that is not 64 hexadecimal digits. */
  readonly otherChecksum?: string;
}

const sample = (...path: string[]): string => join(import.meta.dirname, '../../migrations-samples', ...path);

const forEachEngine = (tool: string) => ({
  postgres: sample(tool, 'postgres'),
  mysql: sample(tool, 'mysql'),
  sqlite: sample(tool, 'sqlite'),
});

/** Programs are for whichever engine they are run on. */
const everywhere = (folder: string) => ({ postgres: folder, mysql: folder, sqlite: folder });

export const toolCases: readonly ToolCase[] = [
  {
    tool: 'lockkeeper',
    sample: forEachEngine('lockkeeper'),
    versions: ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0'],
    reversible: '1.2.0',
    keeps: ['version', 'name', 'appliedAt', 'appliedBy', 'durationMs', 'checksum', 'batch'],
    afterFailure: 'failed',
    afterRevert: 'reverted',
  },
  {
    tool: 'dbmate',
    sample: forEachEngine('dbmate'),
    alike: ['rails'],
    versions: ['20260105090000', '20260112090000', '20260119090000'],
    reversible: '20260119090000',
    keeps: ['version'],
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'hmis',
    sample: { mysql: sample('hmis') },
    versions: ['v2.1.0', 'v2.1.9', 'v2.1.10'],
    reversible: 'v2.1.9',
    keeps: ['version', 'name', 'appliedAt', 'durationMs'],
    afterFailure: 'failed',
    afterRevert: 'reverted',
  },
  {
    tool: 'guest-registration',
    sample: { postgres: sample('guest-registration'), sqlite: sample('guest-registration') },
    versions: ['000000', '000001', '000002'],
    reversible: '000001',
    keeps: ['version', 'name', 'appliedAt', 'checksum'],
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'dcms',
    sample: { postgres: sample('dcms/migrations') },
    versions: ['20260110080000', '20260117080000', '20260124080000'],
    reversible: '20260117080000',
    keeps: ['version', 'name', 'appliedAt', 'durationMs', 'checksum'],
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'node-pg-migrate',
    sample: { postgres: sample('node-pg-migrate/migrations') },
    versions: [
      '1767600000000_create-boats',
      '1768200000000_create-hires',
      '1768800000000_add-deposit',
      '1769400000000_index-hires',
    ],
    reversible: '1768200000000_create-hires',
    keeps: ['version', 'appliedAt'],
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'flyway',
    sample: forEachEngine('flyway'),
    versions: ['1', '1.1', '2', 'R__bookings_per_court'],
    reversible: '2',
    keeps: {
      byEngine: {
        postgres: ['version', 'name', 'appliedAt', 'appliedBy', 'durationMs', 'checksum'],
        mysql: ['version', 'name', 'appliedAt', 'appliedBy', 'durationMs', 'checksum'],
        // It writes an empty name there.
        sqlite: ['version', 'name', 'appliedAt', 'durationMs', 'checksum'],
      },
    },
    afterFailure: 'failed',
    begun: null,
    message: false,
    afterRevert: 'reverted',
    otherChecksum: '-1',
  },
  {
    tool: 'goose',
    sample: forEachEngine('goose'),
    versions: ['1', '2', '10'],
    reversible: '10',
    keeps: ['version', 'appliedAt'],
    afterFailure: null,
    afterRevert: null,
    otherKeys: ['97', '98', '99'],
  },
  {
    tool: 'golang-migrate',
    sample: forEachEngine('golang-migrate'),
    versions: ['1', '2', '4'],
    reversible: '4',
    keeps: ['version'],
    afterFailure: 'executing',
    message: false,
    afterRevert: null,
    // One position: only the one next to it can be corrected.
    otherKeys: ['97', '97', '99'],
  },
  {
    tool: 'knex',
    sample: everywhere(sample('knex/migrations')),
    versions: [
      '20260105090000_create_plants.js',
      '20260112090000_create_waterings.ts',
      '20260119090000_index_waterings.cjs',
    ],
    reversible: '20260119090000_index_waterings.cjs',
    keeps: ['version', 'appliedAt', 'batch'],
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'prisma',
    sample: {
      postgres: sample('prisma/postgres/migrations'),
      mysql: sample('prisma/mysql/migrations'),
      sqlite: sample('prisma/sqlite/migrations'),
    },
    versions: ['20260105090000_create_rooms', '20260112090000_create_meetings', '20260119090000_index_meetings'],
    reversible: '20260119090000_index_meetings',
    keeps: ['version', 'appliedAt', 'checksum'],
    afterFailure: 'failed',
    afterRevert: null,
  },
  {
    tool: 'sqlx',
    sample: forEachEngine('sqlx'),
    versions: ['20260105090000', '20260112090000', '20260119090000'],
    reversible: '20260119090000',
    keeps: ['version', 'name', 'appliedAt', 'durationMs', 'checksum'],
    // Where DDL is transactional, a failure leaves nothing; elsewhere the row that came first stays.
    afterFailure: { byEngine: { postgres: null, mysql: 'failed', sqlite: null } },
    begun: { byEngine: { postgres: null, mysql: 'failed', sqlite: null } },
    message: false,
    afterRevert: null,
    otherKeys: ['97', '98', '99'],
  },
  {
    tool: 'refinery',
    sample: forEachEngine('refinery'),
    versions: ['1', '2', '3'],
    reversible: null,
    keeps: ['version', 'name', 'appliedAt', 'checksum'],
    afterFailure: null,
    afterRevert: null,
    otherKeys: ['97', '98', '99'],
  },
  {
    tool: 'diesel',
    sample: forEachEngine('diesel'),
    versions: ['20260105090000', '20260112090000', '20260119090000'],
    reversible: '20260119090000',
    keeps: ['version', 'appliedAt'],
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'umzug',
    sample: everywhere(sample('umzug/migrations')),
    versions: ['20260105090000-create-tools.js', '20260112090000-lend-tools.ts', '20260119090000-index-lendings.js'],
    reversible: '20260119090000-index-lendings.js',
    keeps: ['version'],
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'typeorm',
    sample: everywhere(sample('typeorm/migrations')),
    versions: ['CreateBreads1767600000000', 'CreateLoaves1768200000000', 'PriceLoaves1768800000000'],
    reversible: 'PriceLoaves1768800000000',
    keeps: ['version'],
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'liquibase',
    sample: { postgres: sample('liquibase'), mysql: sample('liquibase'), sqlite: sample('liquibase') },
    versions: [
      'create-telescopes::ida::changelog/001-telescopes.xml',
      'rename-aperture::ida::changelog/001-telescopes.xml',
      'first-telescope::ida::changelog/001-telescopes.xml',
      'create-nights::noor::changelog/002-nights.sql',
      'clear-view::noor::changelog/002-nights.sql',
      'create-observations::ida::changelog/003-observations.json',
      'confirm-observations::ida::changelog/003-observations.json',
      'tag-season::noor::changelog/db.changelog-master.yaml',
      'first-comet::noor::changelog/db.changelog-master.yaml',
      'index-objects::noor::changelog/db.changelog-master.yaml',
    ],
    reversible: 'index-objects::noor::changelog/db.changelog-master.yaml',
    keeps: ['version', 'appliedAt', 'checksum', 'batch'],
    otherChecksum: '9:0123456789abcdef0123456789abcdef',
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'drizzle',
    sample: forEachEngine('drizzle'),
    versions: ['0000_create_authors', '0001_create_books', '0002_index_books'],
    reversible: null,
    keeps: ['checksum'],
    afterFailure: null,
    afterRevert: null,
    otherKeys: ['97', '98', '99'],
  },
  {
    tool: 'graphile-migrate',
    sample: { postgres: sample('graphile-migrate/migrations') },
    versions: ['000001', '000002', '000003'],
    reversible: null,
    keeps: ['version', 'appliedAt', 'checksum'],
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'postgrator',
    sample: forEachEngine('postgrator'),
    versions: ['1', '2', '3'],
    reversible: '3',
    keeps: ['version', 'name', 'appliedAt', 'checksum'],
    afterFailure: null,
    afterRevert: null,
    otherKeys: ['97', '98', '99'],
  },
  {
    tool: 'rails',
    sample: everywhere(sample('rails/db/migrate')),
    versions: ['20260105090000', '20260112090000'],
    reversible: null,
    keeps: ['version'],
    afterFailure: null,
    afterRevert: null,
    alike: ['dbmate'],
  },
  {
    tool: 'sqitch',
    sample: everywhere(sample('sqitch')),
    versions: ['trees', 'harvests', 'yields@v1.0', 'pests', 'yields'],
    reversible: 'yields',
    keeps: ['version', 'appliedAt', 'appliedBy', 'checksum'],
    otherChecksum: 'e'.repeat(40),
    afterFailure: 'failed',
    begun: null,
    message: false,
    afterRevert: 'reverted',
  },
  {
    tool: 'alembic',
    sample: everywhere(sample('alembic/library')),
    versions: ['1f0a55c0b6d1', '7c31d9e24a80', '03be6a7f9d52'],
    reversible: null,
    keeps: ['version'],
    afterFailure: null,
    afterRevert: null,
  },
  {
    tool: 'django',
    sample: everywhere(sample('django/apps')),
    versions: ['recipes.0001_initial', 'recipes.0002_recipe_minutes', 'orders.0001_initial'],
    reversible: null,
    keeps: ['version', 'appliedAt'],
    afterFailure: null,
    afterRevert: null,
  },
];
