// Looks at scripts as a plan does, with what a real database tells.
import { readFacts } from '../../electron/databases/mysql/facts.ts';
import { mysqlDriver } from '../../electron/databases/mysql/index.ts';
import type { CatalogueFacts } from '../../electron/engine/hazards.ts';
import type { Session } from '../../electron/engine/ports.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import type { Statement } from '../../shared/model/statement.ts';

export async function hazardsOf(script: string, about: Session | CatalogueFacts): Promise<Hazard[]> {
  const facts = 'tables' in about ? about : await readFacts(about, 'all');
  const look = await mysqlDriver.hazardLook(facts, 'all');
  look.begin({ transactional: false });
  const splitter = mysqlDriver.sql.createSplitter({});
  const pieces = [...splitter.push(script), ...splitter.finish()];
  const statements = pieces.flatMap((piece): Statement[] => (piece.kind === 'statement' ? [piece.statement] : []));
  return statements.flatMap((one) => look.look(one, mysqlDriver.sql.classify(one.text)));
}

export const codesOf = async (script: string, about: Session | CatalogueFacts): Promise<string[]> =>
  (await hazardsOf(script, about)).map(({ code }) => code);
