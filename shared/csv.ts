/** Comma-separated values that a spreadsheet may open: nothing in them is a formula. */

/** One line, without its end. */
export const csvLine = (cells: readonly (string | number | null)[]): string => cells.map(csvCell).join(',');

/** Lines end as RFC 4180 has it. */
export const csvText = (lines: readonly string[]): string => lines.join('\r\n');

/** A spreadsheet takes text that begins like a formula for one: an apostrophe before it prevents that. */
function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
