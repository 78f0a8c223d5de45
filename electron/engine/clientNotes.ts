/** What this computer's own journal is told: the second witness, for a server that is lost or was restored. */
import type { Step } from '../../shared/model/plan.ts';
import type { RunEvent } from '../../shared/model/run.ts';
import type { Announcement, ClientJournal, Clock } from './ports.ts';

interface Witnessed {
  readonly clientJournal: ClientJournal;
  readonly clock: Clock;
  emit(event: RunEvent): void;
}

/** Milliseconds between two notes of statements that are brought onto the disk at once: a sync for each would cost more than the statement. */
const syncEvery = 250;

const lastSync = new WeakMap<ClientJournal, number>();

/** When this computer cannot keep it, the run goes on and says so. `durable`: it is on the disk when this resolves. */
export async function note(
  { clientJournal, emit }: Witnessed,
  record: Readonly<Record<string, unknown>>,
  durable: boolean,
): Promise<void> {
  try {
    await clientJournal.append(record, durable);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    emit({ type: 'warning', message: `This computer’s own journal could not be written: ${why}` });
  }
}

/** Before a statement is sent. Nobody waits for the disk here: the end of the step does. */
export function noteStatement(witnessed: Witnessed, step: Step, { statement, part, sending }: Announcement): void {
  noteSoon(witnessed, { type: 'statement', step: step.index, statement, part, sending });
}

/** The server said so of a statement that is sent alone: its effect is there. */
export function noteDone(witnessed: Witnessed, step: Step, statement: number): void {
  noteSoon(witnessed, { type: 'statementDone', step: step.index, statement });
}

/** Nobody waits for the disk: it is there within a moment, or with the next note that is waited for. */
export function noteSoon(witnessed: Witnessed, record: Readonly<Record<string, unknown>>): void {
  const now = witnessed.clock.elapsed();
  const durable = now - (lastSync.get(witnessed.clientJournal) ?? Number.NEGATIVE_INFINITY) >= syncEvery;
  if (durable) lastSync.set(witnessed.clientJournal, now);
  void note(witnessed, record, durable);
}
