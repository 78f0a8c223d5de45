import type { NetworkConnection } from '../../../shared/model/environment.ts';
import type { Driver, Limits } from '../driver.ts';
import { placeholdersIn } from '../splitting/placeholders.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { activity } from './activity.ts';
import { postgresAftermath } from './aftermath.ts';
import { classify, tablesOf } from './classify.ts';
import { control } from './control.ts';
import { dialect } from './dialect.ts';
import { readExtensions } from './extensions.ts';
import { readFacts } from './facts.ts';
import { hazardLook } from './hazards/index.ts';
import { findIntegrity } from './integrity.ts';
import { journal } from './journal.ts';
import { postgresLexicon } from './lexicon.ts';
import { observe } from './observe.ts';
import { postgresCapabilities, postgresProducts } from './products.ts';
import { schemaWriter } from './schemaScript.ts';
import { postgresScratch } from './scratch.ts';
import { readSnapshot } from './snapshot.ts';
import { createPostgresSplitter } from './splitter.ts';
import { checkSyntax } from './syntax.ts';
import { readTables } from './tables.ts';
import { formatUrl, parseUrl } from './url.ts';

/** @param limits a test's, to see how less is got by with */
export const createPostgresDriver = (limits: Limits = {}): Driver<NetworkConnection> => ({
  id: 'postgres',
  title: 'PostgreSQL',
  urlSchemes: ['postgres', 'postgresql', 'jdbc:postgresql'],
  capabilities: { ...postgresCapabilities, ...limits.capabilities },
  products: postgresProducts,
  dialect,
  sql: {
    createSplitter: createPostgresSplitter,
    classify,
    tablesOf,
    placeholdersIn: (statement) => placeholdersIn(postgresLexicon, statement),
    tokensOf: (statement) => tokensOf(postgresLexicon, statement),
    checkSyntax,
  },
  control,
  journal,
  aftermath: postgresAftermath,
  scratch: postgresScratch,
  activity,
  readSnapshot,
  observe,
  findIntegrity,
  schemaWriter,
  hazardLook,
  readFacts,
  readTables,
  readExtensions,
  parseUrl,
  formatUrl,
  // With the client library, which only whoever connects needs.
  connect: async (connection, options) => (await import('./connect.ts')).connect(connection, options, limits),
});

export const postgresDriver = createPostgresDriver();
