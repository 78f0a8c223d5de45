// A skip always says why, on the terminal too.
import type { TestContext } from 'vitest';

/** Prints the reason and skips the running test. */
export function skipBecause(context: TestContext, reason: string): never {
  process.stdout.write(`skipped: ${context.task.name}: ${reason}\n`);
  context.skip(reason);
}
