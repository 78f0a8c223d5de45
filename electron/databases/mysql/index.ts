import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { Driver, Limits } from '../driver.ts';
import { placeholdersIn } from '../splitting/placeholders.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { mysqlActivity } from './activity.ts';
import { mysqlAftermath } from './aftermath.ts';
import { classify, tablesOf } from './classify.ts';
import { mysqlControl } from './control.ts';
import { mysqlDialect } from './dialect.ts';
import { readFacts } from './facts.ts';
import { hazardLook } from './hazards/index.ts';
import { findIntegrity } from './integrity.ts';
import { mysqlJournal } from './journal.ts';
import { mysqlLexicon } from './lexicon.ts';
import { observe } from './observe.ts';
import { partsOf } from './parts.ts';
import { mysqlCapabilities, mysqlProducts } from './products.ts';
import { schemaWriter } from './schemaScript.ts';
import { mysqlScratch } from './scratch.ts';
import { readSnapshot } from './snapshot.ts';
import { createMysqlSplitter } from './splitter.ts';
import { readTables } from './tables.ts';
import { formatUrl, parseUrl } from './url.ts';

/** @param limits a test's, to see how less is got by with */
export const createMysqlDriver = (limits: Limits = {}): Driver<NetworkConnection> => ({
  id: 'mysql',
  title: 'MySQL and MariaDB',
  urlSchemes: ['mysql', 'mariadb', 'jdbc:mysql', 'jdbc:mariadb'],
  capabilities: { ...mysqlCapabilities, ...limits.capabilities },
  products: mysqlProducts,
  dialect: mysqlDialect,
  sql: {
    createSplitter: createMysqlSplitter,
    classify,
    tablesOf,
    partsOf,
    placeholdersIn: (statement) => placeholdersIn(mysqlLexicon, statement),
    tokensOf: (statement) => tokensOf(mysqlLexicon, statement),
  },
  control: mysqlControl,
  journal: mysqlJournal,
  aftermath: mysqlAftermath,
  scratch: mysqlScratch,
  activity: mysqlActivity,
  readSnapshot,
  observe,
  findIntegrity,
  schemaWriter,
  hazardLook,
  readFacts,
  readTables,
  parseUrl,
  formatUrl,
  // With the client library, which only whoever connects needs.
  connect: async (connection, options) => (await import('./connect.ts')).connect(connection, options, limits),
});

export const mysqlDriver = createMysqlDriver();
