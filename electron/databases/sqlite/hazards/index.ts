/** The rules for SQLite, one per file; README.md lists them. */
import {
  type CatalogueFacts,
  createHazardLook,
  type HazardExtent,
  type HazardLook,
  type HazardRule,
} from '../../../engine/hazards.ts';
import { addColumnRefused } from './addColumnRefused.ts';
import { attaches } from './attaches.ts';
import { buildsIndex } from './buildsIndex.ts';
import { changesBigTable } from './changesBigTable.ts';
import { dataLoss } from './dataLoss.ts';
import { dropsUsed } from './dropsUsed.ts';
import { foreignKeysIgnored } from './foreignKeysIgnored.ts';
import { journalMode } from './journalMode.ts';
import { loadsLibrary } from './loadsLibrary.ts';
import { type Parsed, StatementReader } from './reading.ts';
import { rebuildOrder } from './rebuildOrder.ts';
import { refusesTransaction } from './refusesTransaction.ts';
import { renamesUsed } from './renamesUsed.ts';
import { rewritesFile } from './rewritesFile.ts';
import { rewritesTable } from './rewritesTable.ts';
import { rowsLost } from './rowsLost.ts';
import { sessionSetting } from './sessionSetting.ts';
import { writableSchema } from './writableSchema.ts';

const rules: readonly HazardRule<Parsed>[] = [
  addColumnRefused,
  attaches,
  buildsIndex,
  changesBigTable,
  dataLoss,
  rowsLost,
  dropsUsed,
  foreignKeysIgnored,
  journalMode,
  loadsLibrary,
  rebuildOrder,
  refusesTransaction,
  renamesUsed,
  rewritesFile,
  rewritesTable,
  sessionSetting,
  writableSchema,
];

/** None must be accepted whatever the protection says: of those only the loss of data is looked for. */
export async function hazardLook(facts: CatalogueFacts, extent: HazardExtent): Promise<HazardLook> {
  const reader = new StatementReader(facts);
  return createHazardLook<Parsed>(
    {
      begin: ({ transactional }) => reader.begin(transactional),
      parse: (statement, traits) => reader.read(statement, traits),
      makes: ({ definition }) =>
        definition?.kind === 'createTable' && !facts.tables.has(definition.table.toLowerCase())
          ? [definition.table]
          : [],
      rules: extent === 'mustAccept' ? [dataLoss] : rules,
    },
    facts,
  );
}
