/** A fleet as a person follows it, and as it ended. */
import type { FleetEvent, FleetMember, FleetMemberState } from '../../shared/model/fleet.ts';
import { hasFailed } from '../../shared/model/fleet.ts';
import { type FleetDocument, fleetDocument, fleetExitCode } from '../../shared/model/fleetDocument.ts';
import { exitCodes } from '../../shared/problem.ts';
import type { Context } from '../services/context.ts';
import { findFleet, watchFleet } from '../services/fleet/findFleet.ts';
import type { StartedFleet } from '../services/fleet/performFleet.ts';
import { type Column, formatDuration, formatProblem, formatTable } from './format.ts';
import type { Invocation } from './invocation.ts';
import { plain, type Style, type Terminal } from './terminal.ts';

const never = new AbortController().signal;

/** Resolves with its document when it has ended. The first interrupt cancels it, a second one gives up waiting. */
export async function followFleet(
  context: Context,
  started: StartedFleet,
  invocation: Invocation,
): Promise<FleetDocument> {
  const stop = interruptible(context, started.id, invocation.terminal);
  try {
    await tellFleet(context, started.id, invocation);
    await started.finished;
  } finally {
    stop();
  }
  const { fleet, members } = findFleet(context, started.id);
  return fleetDocument(fleet, members);
}

/** Until it has ended, wherever it goes on. */
export async function tellFleet(context: Context, id: string, { terminal, options }: Invocation): Promise<void> {
  const teller = new Teller(terminal, options.events === true);
  try {
    for await (const event of watchFleet(context, id, never)) teller.tell(event);
  } finally {
    terminal.progress('');
  }
}

function interruptible(context: Context, id: string, terminal: Terminal): () => void {
  let asked = false;
  const onInterrupt = () => {
    if (asked) process.exit(exitCodes.cancelled);
    asked = true;
    terminal.note('Cancelling: nothing more is begun, and what runs is asked to stop.');
    terminal.note(
      'Press Ctrl+C again to leave without waiting; what the servers are doing then may still be completed.',
    );
    context.fleets.get(id)?.cancel();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  };
}

/** Says of each member when it ends; how many are where, meanwhile. */
class Teller {
  readonly #terminal: Terminal;
  readonly #events: boolean;
  readonly #members = new Map<string, FleetMember>();

  constructor(terminal: Terminal, events: boolean) {
    this.#terminal = terminal;
    this.#events = events;
  }

  tell(event: FleetEvent): void {
    if (event.type === 'fleet') {
      if (this.#events) this.#terminal.document({ ...event, at: new Date().toISOString() });
      return;
    }
    const changed = event.members.filter((member) => isChange(this.#members.get(member.id), member));
    for (const member of event.members) this.#members.set(member.id, member);
    if (this.#events && changed.length > 0)
      this.#terminal.document({ type: 'members', members: changed, at: new Date().toISOString() });
    if (this.#terminal.machine) return;
    for (const member of changed) if (ended.includes(member.state)) this.#terminal.note(lineOf(member, this.#terminal));
    this.#terminal.progress(this.#progress());
  }

  #progress(): string {
    const all = [...this.#members.values()];
    const running = all.filter(({ state }) => state === 'running');
    const done = all.filter(({ state }) => ended.includes(state)).length;
    const names = running.slice(0, 3).map(({ name }) => plain(name));
    return `${done} of ${all.length} done, ${running.length} running${names.length === 0 ? '' : `: ${names.join(', ')}`}${running.length > 3 ? ' …' : ''}`;
  }
}

/** A member as it was told before is no news. */
const isChange = (before: FleetMember | undefined, now: FleetMember): boolean =>
  before === undefined ? now.state !== 'waiting' : JSON.stringify(before) !== JSON.stringify(now);

const ended: readonly FleetMemberState[] = ['succeeded', 'upToDate', 'failed', 'refused', 'interrupted', 'cancelled'];

const marks: Readonly<Record<FleetMemberState, readonly [string, Style, string]>> = {
  waiting: ['○', 'dim', 'not begun'],
  running: ['◐', 'bold', 'running'],
  succeeded: ['✓', 'green', 'done'],
  upToDate: ['✓', 'green', 'up to date'],
  failed: ['✕', 'red', 'failed'],
  refused: ['⊘', 'yellow', 'refused'],
  interrupted: ['?', 'red', 'not known'],
  cancelled: ['⊘', 'dim', 'cancelled'],
};

const stateWords = (state: FleetMemberState): string => `${marks[state][0]} ${marks[state][2]}`;

function lineOf(member: FleetMember, terminal: Terminal): string {
  const [glyph, style, word] = marks[member.state];
  const steps = member.steps === null || member.steps === 0 ? '' : `, ${member.done} of ${member.steps}`;
  const why = member.problem === null ? '' : `  ${plain(member.problem.message)}`;
  return `${terminal.style(style, glyph)} ${plain(member.name)}  ${word}${steps}${tookOf(member)}${why}`;
}

const tookOf = ({ startedAt, finishedAt }: Pick<FleetMember, 'startedAt' | 'finishedAt'>): string =>
  startedAt === null || finishedAt === null
    ? ''
    : `, ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}`;

const columns: readonly Column<FleetDocument['members'][number]>[] = [
  { title: 'Environment', value: (row) => row.environment },
  { title: 'Tier', value: (row) => row.tier },
  { title: 'State', value: (row) => stateWords(row.outcome), style: (row) => marks[row.outcome][1] },
  { title: 'Done', align: 'right', value: (row) => (row.steps === null ? '' : `${row.done} of ${row.steps}`) },
  { title: 'Run', value: (row) => row.run ?? '' },
  { title: 'Why', value: (row) => row.problem?.message ?? '' },
];

/** Failed ones first. */
export function printMembers({ members }: FleetDocument, terminal: Terminal): void {
  const first = members.filter((one) => hasFailed({ state: one.outcome, setAside: one.setAside }));
  const rows = [...first, ...members.filter((one) => !first.includes(one))];
  if (rows.length > 0) terminal.print(formatTable(columns, rows, terminal));
}

/** The last lines, or the document. Answers with the exit code. */
export function endFleet(document: FleetDocument, terminal: Terminal): number {
  if (terminal.machine) terminal.document(document);
  else {
    if (document.problem !== null) terminal.problem(`\n${formatProblem(document.problem, terminal)}`);
    const { counts } = document;
    const told = ended.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${marks[state][2]}`);
    const rest = counts.waiting > 0 ? [`${counts.waiting} not begun`] : [];
    const good = document.outcome === 'succeeded';
    terminal.print(
      `${good ? terminal.style('green', '✓') : terminal.style('red', '✕')} ${plain(document.name)}: ${document.outcome}, ${[...told, ...rest].join(', ') || 'no member'}${tookOf(document)}  (fleet ${[document.fleet].flat().join(', ')})`,
    );
    for (const next of document.next) terminal.note(`Next: ${plain(next)}`);
  }
  return fleetExitCode(document);
}
