import { splitterFor } from '../splitting/scriptSplitter.ts';
import type { CreateSplitter } from '../splitting/splitter.ts';
import { refuseClientCommand } from './clientCommands.ts';
import { postgresLexicon } from './lexicon.ts';
import { PostgresTracker } from './tracker.ts';

/** Splits PostgreSQL scripts, the data of `COPY … FROM stdin` included. */
export const createPostgresSplitter: CreateSplitter = splitterFor((script) => ({
  lexicon: postgresLexicon,
  tracker: new PostgresTracker(script),
  command: (text, at, final) => refuseClientCommand(script, text, at, final),
}));
