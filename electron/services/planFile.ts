/** A plan as a file: to be run exactly so, and for a second person on another computer to read and approve. */
import { createHash } from 'node:crypto';
import { type PlanFile, planFile } from '../../shared/contract/planFile.ts';
import type { PlanView } from '../../shared/contract/views.ts';
import type { Script } from '../../shared/model/migration.ts';
import { raise } from '../../shared/problem.ts';
import { approvalSubject } from './approvals.ts';
import type { Context } from './context.ts';
import { readScript } from './keepScripts.ts';
import type { PreparedPlan } from './planMigration.ts';
import type { OpenSource } from './readSource.ts';

/** Bytes of a script that are shown to whoever approves; longer ones are approved by their digest. */
const longestScript = 262_144;
/** So that the file fits into one request of a browser. */
const longestTogether = 524_288;

/** @throws {ProblemError} as reading scripts does */
export async function writePlanFile(context: Context, prepared: PreparedPlan, view: PlanView): Promise<string> {
  const { plan, source } = prepared;
  const { user, hostName } = context.host;
  const offered = {
    subject: approvalSubject(plan),
    by: { user, host: hostName },
    at: new Date(context.clock.now()).toISOString(),
    scripts: await shownTexts(
      plan.steps.map(({ script }) => script),
      source,
    ),
  };
  return textOf({ format: 1, request: plan.request, ...view, offered, approvals: [] });
}

export const textOf = (content: object): string => `${JSON.stringify(content, null, 2)}\n`;

async function shownTexts(scripts: readonly Script[], source: OpenSource): Promise<(string | null)[]> {
  const texts: (string | null)[] = [];
  let left = longestTogether;
  for (const script of scripts) {
    const fits = script.kind !== 'program' && script.bytes <= Math.min(longestScript, left);
    const text = fits ? await readScript(script, source.scripts) : null;
    const exact = text !== null && sha256(text) === script.sha256;
    if (exact) left -= script.bytes;
    texts.push(exact ? text : null);
  }
  return texts;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @param name of the file, for people @throws {ProblemError} `usage.invalid` */
export function readPlanFile(text: string, name: string): PlanFile {
  const parsed = planFile.safeParse(parseJson(text));
  if (!parsed.success)
    return raise({
      code: 'usage.invalid',
      message: `${name} is not a plan file.`,
      hint: 'Make one with: lockkeeper plan --out FILE',
    });
  return parsed.data;
}

export type OfferedPlan = PlanFile & Required<Pick<PlanFile, 'offered' | 'approvals'>>;

/**
 * One that can be approved: what it shows is what its digests say.
 * @throws {ProblemError} `usage.invalid`
 */
export function readOffer(text: string, name: string): OfferedPlan {
  const file = readPlanFile(text, name);
  const { offered, approvals = [] } = file;
  if (offered === undefined)
    return raise({
      code: 'usage.invalid',
      message: `${name} was saved by an earlier version: it does not say enough to be approved.`,
      hint: 'Save the plan again, with the version that is to run it.',
    });
  if (!agrees(file, offered))
    raise({
      code: 'usage.invalid',
      message: `${name} contradicts itself: what it shows is not what would be approved.`,
      hint: 'Do not approve it. Ask whoever sent it for a new one, and what happened to this one on its way.',
    });
  return { ...file, offered, approvals };
}

function agrees({ fingerprint, request, steps }: PlanFile, { subject, scripts }: OfferedPlan['offered']): boolean {
  if (subject.fingerprint !== fingerprint || JSON.stringify(subject.request) !== JSON.stringify(request)) return false;
  if (steps.length !== subject.steps.length || scripts.length !== steps.length) return false;
  return subject.steps.every((approved, index) => {
    const shown = steps[index];
    const script = scripts[index] ?? null;
    const same = (['version', 'name', 'action', 'path'] as const).every((field) => shown?.[field] === approved[field]);
    return same && (script === null || sha256(script) === approved.sha256);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
