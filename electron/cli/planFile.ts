/** A plan saved for `up --plan FILE`: the request and the fingerprint bind it; the rest is there to be read. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { targetInput } from '../../shared/contract/inputs.ts';
import type { PlanView } from '../../shared/contract/views.ts';
import type { Plan, Target } from '../../shared/model/plan.ts';
import { raise } from '../../shared/problem.ts';

const format = 1;

const planFile = z.object({
  format: z.literal(format),
  fingerprint: z.string().length(64),
  request: targetInput,
});

export const savedPlan = (view: PlanView, plan: Plan) => ({ format, request: plan.request, ...view });

/** @throws {ProblemError} `usage.invalid` */
export async function readPlanFile(path: string): Promise<{ fingerprint: string; wanted: Target }> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) =>
    raise(
      {
        code: 'usage.invalid',
        message: `The plan file ${path} cannot be read.`,
        hint: 'Check the path.',
        serverMessage: String(thrown),
      },
      thrown,
    ),
  );
  const parsed = planFile.safeParse(parseJson(text));
  if (!parsed.success)
    return raise({
      code: 'usage.invalid',
      message: `${path} is not a plan file.`,
      hint: 'Make one with: lockkeeper plan --out FILE',
    });
  return { fingerprint: parsed.data.fingerprint, wanted: parsed.data.request };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
