/** The rules for PostgreSQL, one per file; README.md lists them. */
import type { Statement } from '../../../../shared/model/statement.ts';
import {
  type CatalogueFacts,
  createHazardLook,
  type HazardExtent,
  type HazardLook,
  type HazardRules,
} from '../../../engine/hazards.ts';
import { dataLoss } from '../../common/hazards/dataLoss.ts';

/** None must be accepted whatever the protection says: then it is enough to tell what costs nothing to find. */
const cheap: HazardRules<Statement> = { parse: (statement) => statement, makes: () => [], rules: [dataLoss] };

export async function hazardLook(facts: CatalogueFacts, extent: HazardExtent): Promise<HazardLook> {
  if (extent === 'mustAccept') return createHazardLook(cheap, facts);
  const { lookAtAll } = await import('./rules.ts');
  return lookAtAll(facts);
}
