import { expect, it } from 'vitest';
import { createDemo } from '../../electron/services/createDemo.ts';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { testBackend } from './backend.ts';

it('the demo offers one changed, one harmless pending and one risky pending migration, and is created once', async () => {
  await using test = await testBackend();
  const { context } = test.backend;
  const { environments } = await createDemo(context);
  expect(await createDemo(context)).toEqual({ environments });
  expect(context.workspace.environments.list()).toHaveLength(environments.length);
  for (const name of environments) {
    const target = { kind: 'environment', nameOrId: name } as const;
    const status = await readStatus(context, target);
    expect(status.problems).toEqual([]);
    expect(status.counts).toMatchObject({ changed: 1, pending: 2 });
    const { plan } = await planMigration(context, target, { direction: 'up' });
    expect(plan.problems).toEqual([]);
    expect(plan.steps.map((step) => step.hazards.some((hazard) => hazard.severity === 'danger'))).toEqual([
      false,
      true,
    ]);
  }
});
