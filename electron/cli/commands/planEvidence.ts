/** `plan import-evidence`: what a client program printed of an exported plan, into the history. */
import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import type { EvidenceReport, EvidenceStep } from '../../../shared/model/evidence.ts';
import { exitCodes, raise } from '../../../shared/problem.ts';
import { importEvidence } from '../../services/planSql/importEvidence.ts';
import { type Column, formatTable, formatTime } from '../format.ts';
import type { Define } from '../invocation.ts';
import { plain, type Terminal } from '../terminal.ts';

export function addEvidenceCommand(plan: Command, bind: Parameters<Define>[1]): void {
  const command = plan
    .command('import-evidence')
    .argument('<file>', 'what psql, mariadb or sqlite3 printed of a script of plan --sql')
    .description('compare it with the history, and record it as a run');
  bind(command, async ({ backend, target, terminal }) => {
    const { context } = await backend();
    const report = await importEvidence(context, await target(), await textOf(String(command.processedArgs[0])));
    if (terminal.machine) terminal.document(report);
    else print(report, terminal);
    return report.complete ? exitCodes.done : exitCodes.runFailed;
  });
}

/** Bytes. */
const largest = 64 * 2 ** 20;

async function textOf(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size <= largest) return await file.readFile('utf8');
  } catch (thrown) {
    return unreadable(path, thrown);
  }
  return unreadable(path);
}

const unreadable = (path: string, cause?: unknown): never =>
  raise(
    {
      code: 'usage.invalid',
      message: `${path} cannot be read, or is too large for what a client prints.`,
      hint: 'Give the file that the client’s output went into.',
      path,
    },
    cause,
  );

const columns: readonly Column<EvidenceStep>[] = [
  { title: 'Outcome', value: (row) => (row.done ? '✓ done' : '⊘ not executed') },
  { title: 'Version', value: (row) => row.version },
  { title: 'Name', value: (row) => row.name },
  { title: 'At', value: (row) => formatTime(row.at) },
  { title: 'By', value: (row) => row.by ?? '' },
];

function print({ steps, run, complete }: EvidenceReport, terminal: Terminal): void {
  terminal.print(formatTable(columns, steps, terminal));
  terminal.print(
    plain(
      complete
        ? `✓ The history says the same. Recorded as run ${run}.`
        : `✕ The script was not run to its end. Recorded as run ${run}.`,
    ),
  );
}
