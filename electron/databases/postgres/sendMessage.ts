// Sends units as one message of the extended protocol, and traces the server's answers back to them.
import type pg from 'pg';
import pgModule from 'pg';
import { MessageFault, type MessageObserver, ServerFault, type Unit } from '../../engine/ports.ts';
import { MessageQuery } from './messageQuery.ts';

export interface Sending {
  readonly positionsCount: 'characters' | 'bytes';
  readonly completed: MessageObserver['completed'];
  /** @param position 0-based offset in the failing unit's sql. */
  faultOf(error: unknown, position: number | null): ServerFault;
}

/** @throws {MessageFault} */
export async function sendMessage(client: pg.Client, units: readonly Unit[], sending: Sending): Promise<void> {
  refuseUnsendable(units);
  let running = 0;
  let rolledBack: number | null = null;
  const query = new MessageQuery(units, (tag, result) => {
    // COMMIT in a transaction that had failed answers ROLLBACK, and no error.
    if (tag === 'ROLLBACK' && units[running]?.sql === 'COMMIT') rolledBack ??= running;
    sending.completed(running, result);
    running += 1;
  });
  try {
    await client.query(query).settled;
  } catch (error) {
    throw new MessageFault(running, sending.faultOf(error, positionOf(error, units[running], sending.positionsCount)));
  }
  if (rolledBack !== null) throw new MessageFault(rolledBack, new ServerFault('statement', failedBefore));
}

const failedBefore = 'The transaction had failed before; the server rolled it back instead of committing it.';

function refuseUnsendable(units: readonly Unit[]): void {
  for (const [index, unit] of units.entries()) {
    const position = unit.sql.indexOf('\0');
    // The protocol ends a text at the first NUL: what follows would be lost silently.
    if (position !== -1)
      throw new MessageFault(
        index,
        new ServerFault('statement', 'The statement holds the character NUL.', { position }),
      );
    // Its data would have to follow in the middle of the message.
    if (unit.kind === 'statement' && unit.statement.copiesData) {
      throw new MessageFault(index, new ServerFault('statement', 'This COPY was sent without its data.'));
    }
  }
}

/** PostgreSQL counts from 1, in characters; in bytes where a database has no encoding. */
function positionOf(error: unknown, unit: Unit | undefined, counts: 'characters' | 'bytes'): number | null {
  if (!(error instanceof pgModule.DatabaseError) || error.position === undefined || unit === undefined) return null;
  let left = Number(error.position) - 1;
  let offset = 0;
  for (const character of unit.sql) {
    left -= counts === 'bytes' ? Buffer.byteLength(character) : 1;
    if (left < 0) return offset;
    offset += character.length;
  }
  return offset;
}
