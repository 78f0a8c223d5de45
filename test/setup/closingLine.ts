// Ends the run's output with one plain line of counts, for people and programs that read the end of a log.
import type { Reporter, TestModule } from 'vitest/node';

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file or suite that fails outside a test, and an error nobody handled, fail the run: they count as failures.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const otherFailures = suites.filter((suite) => suite.errors().length > 0).length + unhandledErrors.length;
    const skipped = count('skipped') + count('pending');
    const line = `Tests: ${count('passed')} passed, ${count('failed') + otherFailures} failed, ${skipped} skipped`;
    process.stdout.write(`\n${line}\n`);
  }
}
