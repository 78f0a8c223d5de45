// Fails a run that leaves something on its servers, and ends the output with one plain line of counts, for people and programs that read the end of a log.
import type { Reporter, TestModule } from 'vitest/node';
import { allLeftovers } from './leftovers.ts';

export default class ClosingLine implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): Promise<void> {
    const left = await allLeftovers();
    for (const one of left) process.stdout.write(`left behind on ${one}\n`);
    if (left.length > 0) process.exitCode = 1;
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file or suite that fails outside a test, and an error nobody handled, fail the run: they count as failures.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const otherFailures = suites.filter((suite) => suite.errors().length > 0).length + unhandledErrors.length;
    const skipped = count('skipped') + count('pending');
    const line = `Tests: ${count('passed')} passed, ${count('failed') + otherFailures + left.length} failed, ${skipped} skipped`;
    process.stdout.write(`\n${line}\n`);
  }
}
