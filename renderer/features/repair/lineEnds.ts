/** What ends the lines of a text: what two texts that look alike may differ in. */
import { formatNumber } from '../../format.ts';

/** `12 lines end in CRLF`, both kinds where they are mixed, and the byte-order mark where there is one. */
export function lineEndWords(text: string): string {
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  const lf = (text.match(/\n/g)?.length ?? 0) - crlf;
  const cr = (text.match(/\r/g)?.length ?? 0) - crlf;
  const kinds = [
    ['CRLF (Windows)', crlf],
    ['LF (Unix)', lf],
    ['CR (old Mac)', cr],
  ] as const;
  const ends = kinds
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${formatNumber(count)} ${count === 1 ? 'line ends' : 'lines end'} in ${name}`);
  const mark = text.startsWith('\ufeff') ? ['begins with a byte-order mark'] : [];
  return [...ends, ...mark].join(', ') || 'one line';
}
