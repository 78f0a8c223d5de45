import type { Hazard } from '../../shared/model/plan.ts';
import type { Statement, StatementTraits } from '../../shared/model/statement.ts';

/** Looks at one statement; static, instant, without a database. One rule per file in an engine's folder. */
export type HazardRule = (statement: Statement, traits: StatementTraits) => Hazard | null;
