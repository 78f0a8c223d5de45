/** `adopt`: one tool's history from another's. What will be written is shown first; the old table stays as it is. */
import type { AdoptView } from '../../../shared/contract/views.ts';
import type { AdoptedRow, AdoptedSide, AdoptRequest } from '../../../shared/model/adoption.ts';
import { exitCodes } from '../../../shared/problem.ts';
import { adoptHazards } from '../../services/adoptFacts.ts';
import { prepareAdopt, viewAdoption } from '../../services/prepareAdopt.ts';
import { startRepair } from '../../services/startRepair.ts';
import { askGate } from '../askGate.ts';
import { type Column, formatTable, formatTime } from '../format.ts';
import type { Define, Invocation } from '../invocation.ts';
import { followRun, nothingToDo } from '../runOutput.ts';
import { plain, type Terminal } from '../terminal.ts';
import { type GateOptions, withGateOptions } from './repair.ts';

interface AdoptOptions extends GateOptions {
  readonly from?: string;
  readonly to: string;
  readonly sourceTo?: string;
  readonly toHistoryTable?: string;
  readonly writeTo?: string;
  readonly dryRun?: boolean;
}

export const adoptCommand: Define = (program, bind) => {
  const command = withGateOptions(
    program
      .command('adopt')
      .description('write the history of another tool from this one’s, with --reason; the plan is shown first')
      .option('--from <tool>', 'whose history there is (default: the environment’s tool, or the one detected)')
      .requiredOption('--to <tool>', 'whose history is written')
      .option('--source-to <path>', 'folder of the other tool’s files (default: the same folder)')
      .option('--to-history-table <name>', 'the other history table, schema.name allowed')
      .option('--write-to <path>', 'with --to lockkeeper: new folder for the converted files')
      .option('--dry-run', 'show what would be written, and stop'),
  );
  bind(command, (invocation) => adopt(invocation, command.opts<AdoptOptions>()));
};

async function adopt(invocation: Invocation, options: AdoptOptions): Promise<number> {
  const { terminal } = invocation;
  const { context } = await invocation.backend();
  const prepared = await prepareAdopt(context, await invocation.target(), requestFrom(options));
  const view = viewAdoption(prepared);
  if (options.dryRun === true) {
    if (terminal.machine) terminal.document(view);
    else printPlan(view, terminal, (text) => terminal.print(text));
    return exitCodes.done;
  }
  const { repair } = prepared;
  if (repair.changes.length === 0) return nothingToDo(terminal);
  // Listed before anything is asked or done, for a script on standard error.
  printPlan(view, terminal, (text) => terminal.note(text));
  const answers = await askGate(invocation, repair.gate, options, (code) => adoptHazards[code] ?? '');
  const started = startRepair(context, repair, {
    fingerprint: repair.fingerprint,
    ...(options.backup === undefined ? {} : { backup: options.backup }),
    ...answers,
  });
  return followRun(context, started, repair.target.environment.name, terminal, invocation.options.events === true);
}

const requestFrom = ({ from, to, sourceTo, toHistoryTable, writeTo }: AdoptOptions): AdoptRequest => ({
  to,
  ...(from === undefined ? {} : { from }),
  ...(sourceTo === undefined ? {} : { sourceTo }),
  ...(toHistoryTable === undefined ? {} : { historyTableTo: toHistoryTable }),
  ...(writeTo === undefined ? {} : { writeTo }),
});

function printPlan(view: AdoptView, terminal: Terminal, print: (text: string) => void): void {
  const side = ({ title, historyTable, source }: AdoptedSide) => plain(`${title}, ${historyTable}, files in ${source}`);
  print(`from  ${side(view.from)}\nto    ${side(view.to)}\n`);
  print(formatTable(columns, view.rows, terminal));
  if (view.pending.length > 0) print(plain(`\nPending there: ${view.pending.join(', ')}`));
  if (view.files.length > 0) print(plain(`\nNew files in ${view.to.source}: ${view.files.join(', ')}`));
  for (const line of view.notCarried) print(plain(`\n${line}`));
  print(`\nThe table ${plain(view.from.historyTable)} stays as it is; no script is run.`);
}

const columns: readonly Column<AdoptedRow>[] = [
  { title: 'Version', value: (row) => row.version },
  { title: 'Name', value: (row) => row.name },
  { title: 'Is', value: (row) => row.from.version },
  { title: 'Named', value: (row) => row.from.name },
  { title: 'By', value: (row) => row.matchedBy },
  { title: 'SQL', value: (row) => sqlWords[row.sql] },
  { title: 'Applied', value: (row) => formatTime(row.appliedAt) },
  { title: 'Entry', value: (row) => (row.there ? 'is there' : 'new') },
];

const sqlWords: Readonly<Record<AdoptedRow['sql'], string>> = {
  same: 'same',
  lineEndings: 'same',
  comments: 'same but for comments',
  sql: 'differs',
  unknown: 'not compared',
};
