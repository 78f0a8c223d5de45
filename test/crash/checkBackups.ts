// Whatever is listed as a backup after a hit holds all of the database as it was, bit by bit.
import { listBackups } from '../../electron/services/listBackups.ts';
import { startRestore } from '../../electron/services/startRestore.ts';
import { resolveTarget } from '../../electron/services/target.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { Bench } from './bench.ts';
import type { Course } from './course.ts';
import { differences, readState } from './state.ts';
import type { CrashDatabase } from './targets.ts';

const answers = { backup: false, confirm: null, reason: 'crash test', accept: ['closesSessions', 'dataLoss'] };

export async function checkBackups(bench: Bench, database: CrashDatabase, { initial }: Course): Promise<string[]> {
  const { context } = bench.backend;
  const request = bench.request(database, true);
  const { environment } = await resolveTarget(context, request);
  const violations: string[] = [];
  for (const [index, { id }] of (await listBackups(context, environment.name)).entries()) {
    const copy = database.beside(`restored_${index}`);
    const wanted = { backup: id, file: null, target: request, placement: 'into' as const, into: copy.into };
    try {
      const { outcome, problem } = await (await startRestore(context, wanted, answers)).finished;
      if (outcome !== 'succeeded') violations.push(`a backup was not restored: ${problem?.code} ${problem?.message}`);
      else
        violations.push(
          ...differences(initial, await readState(context, { ...request, url: copy.url }, bench.target.id)).map(
            (one) => `of a backup restored: ${one}`,
          ),
        );
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown;
      violations.push(`a backup cannot be restored: ${thrown.problem.code} ${thrown.problem.message}`);
    }
  }
  return violations;
}
