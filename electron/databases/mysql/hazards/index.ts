/** The rules for MySQL and MariaDB, one per file; README.md lists them. */
import {
  type CatalogueFacts,
  createHazardLook,
  type HazardExtent,
  type HazardLook,
  type HazardRule,
} from '../../../engine/hazards.ts';
import { algorithmNotDemanded } from './algorithmNotDemanded.ts';
import { algorithmRefused } from './algorithmRefused.ts';
import { buildsIndex } from './buildsIndex.ts';
import { changesAccounts } from './changesAccounts.ts';
import { changesBigTable } from './changesBigTable.ts';
import { changesPrimaryKey } from './changesPrimaryKey.ts';
import { convertsCharset } from './convertsCharset.ts';
import { copiesTable } from './copiesTable.ts';
import { createsEvent } from './createsEvent.ts';
import { dataLoss } from './dataLoss.ts';
import { definer } from './definer.ts';
import { dropsSeveral } from './dropsSeveral.ts';
import { dropsUsed } from './dropsUsed.ts';
import { handedOver } from './handedOver.ts';
import { instantVersions } from './instantVersions.ts';
import { loadsLibrary } from './loadsLibrary.ts';
import { lockTable } from './lockTable.ts';
import { mixedStatements } from './mixedStatements.ts';
import { narrowsColumn } from './narrowsColumn.ts';
import { notTransactionalTable } from './notTransactionalTable.ts';
import { oldUtf8 } from './oldUtf8.ts';
import { otherDatabase } from './otherDatabase.ts';
import { type Parsed, StatementReader } from './reading.ts';
import { rebuildsTable } from './rebuildsTable.ts';
import { renamesUsed } from './renamesUsed.ts';
import { requiredColumn } from './requiredColumn.ts';
import { serverCommand } from './serverCommand.ts';
import { serverFile } from './serverFile.ts';
import { serverSetting } from './serverSetting.ts';
import { sessionSetting } from './sessionSetting.ts';
import { uniqueKey } from './uniqueKey.ts';
import { unvalidatedForeignKey } from './unvalidatedForeignKey.ts';

const rules: readonly HazardRule<Parsed>[] = [
  algorithmNotDemanded,
  algorithmRefused,
  buildsIndex,
  changesAccounts,
  changesBigTable,
  changesPrimaryKey,
  convertsCharset,
  copiesTable,
  createsEvent,
  dataLoss,
  definer,
  dropsSeveral,
  dropsUsed,
  handedOver,
  instantVersions,
  loadsLibrary,
  lockTable,
  mixedStatements,
  narrowsColumn,
  notTransactionalTable,
  oldUtf8,
  otherDatabase,
  rebuildsTable,
  renamesUsed,
  requiredColumn,
  serverCommand,
  serverFile,
  serverSetting,
  sessionSetting,
  uniqueKey,
  unvalidatedForeignKey,
];

/** None must be accepted whatever the protection says: of those only the loss of data is looked for. */
export async function hazardLook(facts: CatalogueFacts, extent: HazardExtent): Promise<HazardLook> {
  const reader = new StatementReader(facts);
  return createHazardLook<Parsed>(
    {
      begin: () => reader.begin(),
      parse: (statement, traits) => reader.read(statement, traits),
      makes: ({ made }) => made,
      rules: extent === 'mustAccept' ? [dataLoss] : rules,
    },
    facts,
  );
}
