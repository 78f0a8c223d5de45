/** Asks for what a gate needs and the options did not give; where nobody can be asked the gate itself refuses. */
import { notRehearsed } from '../../shared/model/rehearsal.ts';
import { raise } from '../../shared/problem.ts';
import type { PreparedPlan } from '../services/planMigration.ts';
import type { Invocation } from './invocation.ts';
import { plain } from './terminal.ts';

export interface Answers {
  readonly confirm: string | null;
  readonly reason: string | null;
  readonly accept: readonly string[];
}

/** `describe`: a hazard's code in words. */
export async function askGate(
  { options, terminal }: Invocation,
  gate: PreparedPlan['gate'],
  given: { readonly backup?: boolean; readonly reason?: string },
  describe: (code: string) => string,
): Promise<Answers> {
  let accept = options.accept ?? [];
  let confirm = options.confirm ?? null;
  let reason = given.reason ?? null;
  if (!terminal.interactive || gate.blocked !== null) return { accept, confirm, reason };
  // Nothing that is typed here would help.
  if (gate.rehearsal !== undefined && !accept.includes(notRehearsed)) raise(gate.rehearsal);
  for (const code of gate.hazards.filter((one) => !accept.includes(one))) {
    const said = await terminal.ask(`Hazard ${code}: ${plain(describe(code))} Accept? [y/N] `);
    if (!/^y(es)?$/i.test(said))
      raise({ code: 'gate.hazard', message: `The hazard ${code} was not accepted.`, hint: 'Look at the plan again.' });
    accept = [...accept, code];
  }
  const skipsNeeded = given.backup === false && gate.backup !== 'none';
  if ((gate.reason || skipsNeeded) && reason === null) reason = await terminal.ask('Reason: ');
  if (gate.typedName !== null && confirm === null) confirm = await terminal.ask(`Type ${gate.typedName} to confirm: `);
  return { accept, confirm, reason };
}
