import type { Finding, VerifyReport } from '../../../shared/model/verification.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { verifyHistory } from '../../services/verifyHistory.ts';
import { type Column, formatTable } from '../format.ts';
import type { Define } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';

export const verifyCommand: Define = (program, bind) => {
  const command = program
    .command('verify')
    .description('checksums, missing files, order, journal; exit 4 on findings')
    .option('--schema', 'also whether the schema is the one that the last run left');
  bind(command, async (invocation) => {
    const { context } = await invocation.backend();
    const report = await verifyHistory(context, await invocation.target(), {
      schema: command.opts<{ schema?: true }>().schema === true,
    });
    if (invocation.terminal.machine) invocation.terminal.document(report);
    else print(report, invocation.terminal);
    return report.findings.length === 0 ? exitCodes.done : exitCodes.verification;
  });
};

const columns: readonly Column<Finding>[] = [
  { title: 'Finding', value: (row) => words[row.kind], style: () => 'yellow' },
  { title: 'Version', value: (row) => row.version ?? '' },
  { title: 'File', value: (row) => row.path ?? '' },
  { title: 'What', value: (row) => row.detail },
];

const words: Readonly<Record<Finding['kind'], string>> = {
  changed: 'changed',
  missing: 'missing file',
  outOfOrder: 'out of order',
  failed: 'failed',
  interrupted: 'interrupted',
  journal: 'journal differs',
  drift: 'drift',
  source: 'folder',
};

function print(report: VerifyReport, terminal: Terminal): void {
  const { findings, verified } = report;
  const compared = `${verified} applied migration${verified === 1 ? '' : 's'} compared with ${verified === 1 ? 'its file' : 'their files'}`;
  if (findings.length === 0)
    terminal.print(`${terminal.style('green', '✓')} ${plain(report.environment)}: nothing found, ${compared}.`);
  else {
    terminal.print(formatTable(columns, findings, terminal));
    terminal.print(`\n${findings.length} finding${findings.length === 1 ? '' : 's'}, ${compared}.`);
    terminal.note('Next: lockkeeper repair lists what can be corrected; lockkeeper info V explains one.');
  }
  if (!report.journaled) terminal.note('There is no journal of ours in this database to compare with.');
}
