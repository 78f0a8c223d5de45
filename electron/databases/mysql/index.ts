import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { Driver } from '../driver.ts';
import { placeholdersIn } from '../splitting/placeholders.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { mysqlActivity } from './activity.ts';
import { mysqlAftermath } from './aftermath.ts';
import { classify, tablesOf } from './classify.ts';
import { connect, maxMessageBytes } from './connect.ts';
import { mysqlControl } from './control.ts';
import { mysqlDialect } from './dialect.ts';
import { readFacts } from './facts.ts';
import { hazardLook } from './hazards/index.ts';
import { findIntegrity } from './integrity.ts';
import { mysqlJournal } from './journal.ts';
import { mysqlLexicon } from './lexicon.ts';
import { observe } from './observe.ts';
import { partsOf } from './parts.ts';
import { schemaWriter } from './schemaScript.ts';
import { mysqlScratch } from './scratch.ts';
import { readSnapshot } from './snapshot.ts';
import { createMysqlSplitter } from './splitter.ts';
import { readTables } from './tables.ts';
import { formatUrl, parseUrl } from './url.ts';

export const mysqlDriver: Driver<NetworkConnection> = {
  id: 'mysql',
  title: 'MySQL and MariaDB',
  urlSchemes: ['mysql', 'mariadb', 'jdbc:mysql', 'jdbc:mariadb'],
  capabilities: {
    transactionalDdl: false,
    sessionLock: true,
    renameDatabase: false,
    multiStatementMessages: true,
    maxMessageBytes,
    copyFromStdin: false,
  },
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
  connect,
};
