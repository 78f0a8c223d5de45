/** Text that a font can show whole: what it has no sign for stands as its code point, so that nothing is lost unseen. */

const box = '\u{fffd}';

/** @param has whether the font has a sign of its own for a code point */
export const printable = (text: string, has: (codePoint: number) => boolean): string =>
  Array.from(text.replaceAll('\r\n', '\n').replaceAll('\t', '    '), (sign) => shown(sign, has)).join('');

function shown(sign: string, has: (codePoint: number) => boolean): string {
  if (sign === '\n' || sign === ' ') return sign;
  if (/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(sign)) return box;
  const code = sign.codePointAt(0) ?? 0;
  return has(code) ? sign : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
