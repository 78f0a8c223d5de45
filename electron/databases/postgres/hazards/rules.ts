/** All rules, and what they know of a statement. Loads PostgreSQL's parser: imported only when a plan has something to judge. */
import { loadModule } from 'libpg-query';
import { type CatalogueFacts, createHazardLook, type HazardLook, type HazardRule } from '../../../engine/hazards.ts';
import { addCheck } from './addCheck.ts';
import { addColumnCheck } from './addColumnCheck.ts';
import { addColumnReference } from './addColumnReference.ts';
import { addColumnRewrite } from './addColumnRewrite.ts';
import { addForeignKey } from './addForeignKey.ts';
import { addUnique } from './addUnique.ts';
import { anonymousCode } from './anonymousCode.ts';
import { attachPartition } from './attachPartition.ts';
import { briefLock } from './briefLock.ts';
import { briefWriteLock } from './briefWriteLock.ts';
import { changesBigTable } from './changesBigTable.ts';
import { changeType } from './changeType.ts';
import { concurrentIfNotExists } from './concurrentIfNotExists.ts';
import { createIndex } from './createIndex.ts';
import { createPartition } from './createPartition.ts';
import { dataLoss } from './dataLoss.ts';
import { definerPath } from './definerPath.ts';
import { detachPartition } from './detachPartition.ts';
import { disablesTrigger } from './disablesTrigger.ts';
import { dropCascade } from './dropCascade.ts';
import { dropIndex } from './dropIndex.ts';
import { dropsUsed } from './dropsUsed.ts';
import { enumValueUsed } from './enumValueUsed.ts';
import { lockTable } from './lockTable.ts';
import { mixedStatements } from './mixedStatements.ts';
import { otherServer } from './otherServer.ts';
import { type Parsed, StatementParser } from './parse.ts';
import { refreshMaterializedView } from './refreshMaterializedView.ts';
import { refusesTransaction } from './refusesTransaction.ts';
import { reindex } from './reindex.ts';
import { renamesUsed } from './renamesUsed.ts';
import { rewriteWhole } from './rewriteWhole.ts';
import { runsProgram } from './runsProgram.ts';
import { sequenceKept } from './sequenceKept.ts';
import { serverFile } from './serverFile.ts';
import { sessionSetting } from './sessionSetting.ts';
import { setNotNull } from './setNotNull.ts';
import { severalLocks } from './severalLocks.ts';
import { untrustedLanguage } from './untrustedLanguage.ts';
import { validateConstraint } from './validateConstraint.ts';

/** They name the locks that they are about. */
const locking: readonly HazardRule<Parsed>[] = [
  dataLoss,
  renamesUsed,
  addColumnRewrite,
  addColumnCheck,
  addColumnReference,
  addCheck,
  addForeignKey,
  addUnique,
  attachPartition,
  changeType,
  createIndex,
  createPartition,
  detachPartition,
  disablesTrigger,
  dropIndex,
  lockTable,
  refreshMaterializedView,
  reindex,
  rewriteWhole,
  setNotNull,
  validateConstraint,
];

const rules: readonly HazardRule<Parsed>[] = [
  ...locking,
  briefLock(locking),
  briefWriteLock(locking),
  dropsUsed,
  dropCascade,
  changesBigTable,
  mixedStatements,
  enumValueUsed,
  refusesTransaction,
  concurrentIfNotExists,
  sequenceKept,
  sessionSetting,
  runsProgram,
  serverFile,
  otherServer,
  anonymousCode,
  untrustedLanguage,
  definerPath,
  severalLocks,
];

export async function lookAtAll(facts: CatalogueFacts): Promise<HazardLook> {
  await loadModule();
  const parser = new StatementParser(facts);
  return createHazardLook<Parsed>(
    {
      begin: (script) => parser.begin(script),
      parse: (statement, traits) => parser.parse(statement, traits),
      makes: ({ makes }) => makes,
      rules,
    },
    facts,
  );
}
