// Dump programs frame their SQL by lines that keep clients from obeying what stands between: pg_dump by `\restrict KEY`
// and `\unrestrict KEY`, mariadb-dump by a first line that enables its client's sandbox. Our own session obeys no
// commands of clients anyway: the frame is taken off, and any other such command is refused.
import type { Readable } from 'node:stream';

/** The frame's first line comes within pg_dump's opening comments. */
const HEAD_BYTES = 1 << 14;

const SANDBOX = '/*M!999999\\- enable the sandbox mode */';

const EMPTY: Buffer = Buffer.alloc(0);

export async function* withoutClientLines(content: Readable): AsyncGenerator<Buffer> {
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
  if (text.startsWith(SANDBOX)) return [Buffer.from(head).fill(' ', 0, SANDBOX.length), null];
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
