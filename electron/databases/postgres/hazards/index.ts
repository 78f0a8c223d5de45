/** The rules for PostgreSQL, one per file. */

import type { Statement } from '../../../../shared/model/statement.ts';
import { type CatalogueFacts, createHazardLook, type HazardLook, type HazardRules } from '../../../engine/hazards.ts';
import { dataLoss } from '../../common/hazards/dataLoss.ts';

const rules: HazardRules<Statement> = { parse: (statement) => statement, makes: () => [], rules: [dataLoss] };

export const hazardLook = async (facts: CatalogueFacts): Promise<HazardLook> => createHazardLook(rules, facts);
