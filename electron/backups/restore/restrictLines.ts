// pg_dump frames its SQL by `\restrict KEY` and `\unrestrict KEY`, which keep psql from obeying what stands between.
// Our own session obeys no such commands anyway: the frame is taken off, and any other backslash command is refused.
import type { Readable } from 'node:stream';

/** The frame's first line comes within pg_dump's opening comments. */
const HEAD_BYTES = 1 << 14;

const EMPTY: Buffer = Buffer.alloc(0);

export async function* withoutRestrict(content: Readable): AsyncGenerator<Buffer> {
  let head: Buffer | null = EMPTY;
  let closing: string | null = null;
  let held = EMPTY;
  for await (const piece of content as AsyncIterable<Buffer>) {
    let next: Buffer = piece;
    if (head !== null) {
      head = Buffer.concat([head, piece]);
      if (head.length < HEAD_BYTES) continue;
      [next, closing] = openFrame(head);
      head = null;
    }
    if (closing === null) {
      yield next;
      continue;
    }
    // The last line may come in two pieces.
    const joined = Buffer.concat([held, next]);
    const kept = Math.min(joined.length, closing.length + 4);
    held = joined.subarray(joined.length - kept);
    if (joined.length > kept) yield joined.subarray(0, joined.length - kept);
  }
  if (head !== null) [held, closing] = openFrame(head);
  yield closing === null ? held : closeFrame(held, closing);
}

/** Blanks keep line numbers and offsets as they are in the file. */
function openFrame(head: Buffer): [Buffer, string | null] {
  const text = head.toString('latin1');
  const found = /^(?:--[^\n]*\n|\r?\n)*\\restrict (?<key>[A-Za-z0-9]+)\r?\n/.exec(text);
  const key = found?.groups?.['key'];
  if (found === null || key === undefined) return [head, null];
  const start = found[0].lastIndexOf('\\');
  const opened = Buffer.from(head);
  opened.fill(' ', start, start + '\\restrict '.length + key.length);
  return [opened, `\\unrestrict ${key}`];
}

function closeFrame(tail: Buffer, closing: string): Buffer {
  const at = tail.lastIndexOf(closing);
  if (at === -1) return tail;
  const closed = Buffer.from(tail);
  closed.fill(' ', at, at + closing.length);
  return closed;
}
