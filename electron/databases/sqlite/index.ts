import type { FileConnection } from '../../../shared/model/environment.ts';
import type { Driver } from '../driver.ts';
import { placeholdersIn } from '../splitting/placeholders.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { sqliteActivity } from './activity.ts';
import { sqliteAftermath } from './aftermath.ts';
import { sqliteCapabilities } from './capabilities.ts';
import { classify, tablesOf } from './classify.ts';
import { connect } from './connect.ts';
import { sqliteControl } from './control.ts';
import { sqliteDialect } from './dialect.ts';
import { readFacts } from './facts.ts';
import { hazardLook } from './hazards/index.ts';
import { findIntegrity } from './integrity.ts';
import { sqliteJournal } from './journal.ts';
import { sqliteLexicon } from './lexicon.ts';
import { observe } from './observe.ts';
import { schemaWriter } from './schemaScript.ts';
import { sqliteScratch } from './scratch.ts';
import { readSnapshot } from './snapshot.ts';
import { createSqliteSplitter } from './splitter.ts';
import { readTables } from './tables.ts';
import { formatUrl, parseUrl, sqliteSchemes } from './url.ts';

export { createDatabase } from './connect.ts';

export const sqliteDriver: Driver<FileConnection> = {
  id: 'sqlite',
  title: 'SQLite',
  urlSchemes: sqliteSchemes,
  capabilities: sqliteCapabilities,
  products: [{ title: 'SQLite', wasRun: true, capabilities: sqliteCapabilities }],
  dialect: sqliteDialect,
  sql: {
    createSplitter: createSqliteSplitter,
    classify,
    tablesOf,
    placeholdersIn: (statement) => placeholdersIn(sqliteLexicon, statement),
    tokensOf: (statement) => tokensOf(sqliteLexicon, statement),
  },
  control: sqliteControl,
  journal: sqliteJournal,
  aftermath: sqliteAftermath,
  scratch: sqliteScratch,
  activity: sqliteActivity,
  readSnapshot,
  observe,
  findIntegrity,
  schemaWriter,
  hazardLook,
  readFacts,
  readTables,
  parseUrl,
  formatUrl,
  connect,
};
