/** Judges a script as a plan does. */
import { classify } from '../../electron/databases/postgres/classify.ts';
import { hazardLook } from '../../electron/databases/postgres/hazards/index.ts';
import { postgresDriver } from '../../electron/databases/postgres/index.ts';
import type { CatalogueFacts } from '../../electron/engine/hazards.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import type { Statement } from '../../shared/model/statement.ts';

/** Scripts of one plan, in order. */
export async function judgePlan(
  scripts: readonly string[],
  facts: CatalogueFacts,
  transactional = true,
): Promise<Hazard[]> {
  const look = await hazardLook(facts, 'all');
  return scripts.flatMap((script) => {
    look.begin({ transactional });
    return statementsOf(script).flatMap((statement) => look.look(statement, classify(statement.text)));
  });
}

export const judge = (script: string, facts: CatalogueFacts, transactional = true): Promise<Hazard[]> =>
  judgePlan([script], facts, transactional);

function statementsOf(script: string): Statement[] {
  const splitter = postgresDriver.sql.createSplitter({});
  return [...splitter.push(script), ...splitter.finish()].flatMap((piece) =>
    piece.kind === 'statement' ? [piece.statement] : [],
  );
}
