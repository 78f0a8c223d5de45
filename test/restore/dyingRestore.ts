// A process that restores, or undoes a restore, and dies by SIGKILL right after it has written down its nth move: the
// move itself is not begun yet, the one before is done.
import { compose } from '../../electron/compose.ts';
import type { Context } from '../../electron/services/context.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { restore, undo, wanted } from './support.ts';

export interface Order {
  readonly dataDirectory: string;
  readonly target: TargetRequest;
  readonly backup: string;
  /** Undo this run instead. */
  readonly undo: string | null;
  /** From 1; a number beyond the last lets it live. `progress`: as soon as something was loaded. */
  readonly dieAt: number | 'progress';
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
const backend = await compose({ dataDirectory: order.dataDirectory, shell: 'commandLine' });

let moves = 0;

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('dead');
}

const { workspace } = backend.context;
const context: Context = {
  ...backend.context,
  workspace: {
    ...workspace,
    clientJournal(run) {
      const journal = workspace.clientJournal(run);
      return {
        async append(record, durable) {
          await journal.append(record, durable);
          if (++moves === order.dieAt) die();
        },
      };
    },
  },
};

async function dieWhenLoading(): Promise<void> {
  for await (const _ of context.changes.watch(new AbortController().signal)) {
    const [run] = context.runs.active();
    if (run === undefined) continue;
    for await (const record of context.runs.watch(run.id, 0, new AbortController().signal))
      if (record.type === 'restoreProgress') die();
  }
}

if (order.dieAt === 'progress') void dieWhenLoading();
const backup = context.workspace.backups.get(order.backup);
if (backup === null) throw new Error('no backup');
const run =
  order.undo === null
    ? await restore(context, wanted(order.target, backup))
    : await undo(context, { id: order.undo }, order.target);
process.stdout.write(JSON.stringify({ outcome: run.outcome, problem: run.problem, moves }));
await backend.close();
process.exit(0);
