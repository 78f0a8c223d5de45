/** What a plan tells of a migration that asks the database first. */
import type { Condition, Otherwise } from '../../shared/model/condition.ts';
import type { Hazard, Step } from '../../shared/model/plan.ts';

type Asking = Pick<Step, 'action' | 'migration'>;

/** What a step's migration asks; null: nothing. */
export const conditionOf = ({ action, migration }: Asking): Condition | null =>
  action === 'apply' ? (migration.condition ?? null) : null;

/** Tells who reads the plan that its script may not run. */
export const conditionHazards = (step: Asking): Hazard[] => {
  const condition = conditionOf(step);
  if (condition === null) return [];
  return [{ code: 'conditional', severity: 'notice', line: condition.line, message: shown[condition.unmet] }];
};

const shown: Readonly<Record<Otherwise, string>> = {
  stop: 'It asks the database first, and fails unless its conditions are met.',
  skip: 'It asks the database first: unless its conditions are met it is not run, and stays pending.',
  record: 'It asks the database first: unless its conditions are met it is recorded as applied without being run.',
  warn: 'It asks the database first, and only warns when its conditions are not met.',
};
