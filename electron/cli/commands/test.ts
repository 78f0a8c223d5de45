import type { MigrationTest } from '../../../shared/model/testing.ts';
import { exitCodeOf, exitCodes } from '../../../shared/problem.ts';
import { testMigrations } from '../../services/testMigrations.ts';
import { type Column, formatDuration, formatProblem, formatTable } from '../format.ts';
import type { Define } from '../invocation.ts';
import { plain } from '../terminal.ts';

export const testCommand: Define = (program, bind) => {
  const command = program
    .command('test')
    .argument('[version]', 'only this one; those before it are applied')
    .description('up, down, up on a scratch database with equal schemas');
  bind(command, async (invocation) => {
    const { terminal } = invocation;
    const { context } = await invocation.backend();
    const abort = new AbortController();
    const onInterrupt = () => {
      terminal.note('Stopping; the scratch database is dropped first.');
      abort.abort();
    };
    process.once('SIGINT', onInterrupt);
    process.once('SIGTERM', onInterrupt);
    try {
      const report = await testMigrations(context, await invocation.target(), {
        version: command.args[0] ?? null,
        signal: abort.signal,
        onProgress: (version, index, total) => terminal.progress(`${plain(version)}  ${index + 1} of ${total}`),
      });
      if (terminal.machine) terminal.document(report);
      else {
        terminal.print(formatTable(columns, report.tests, terminal));
        if (report.problem !== null) terminal.problem(`\n${formatProblem(report.problem, terminal)}`);
      }
      return report.problem === null ? exitCodes.done : exitCodeOf(report.problem);
    } finally {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    }
  });
};

const columns: readonly Column<MigrationTest>[] = [
  {
    title: 'Result',
    value: (row) => words[row.outcome],
    style: (row) => (row.outcome === 'passed' ? 'green' : row.outcome === 'failed' ? 'red' : 'dim'),
  },
  { title: 'Version', value: (row) => row.version },
  { title: 'Name', value: (row) => row.name },
  { title: 'Up', align: 'right', value: (row) => formatDuration(row.upMs) },
  { title: 'Down', align: 'right', value: (row) => formatDuration(row.downMs) },
];

const words: Readonly<Record<MigrationTest['outcome'], string>> = {
  passed: '✓ passed',
  irreversible: '⊘ applied, no rollback',
  failed: '✕ failed',
  notTested: '○ not tested',
};
