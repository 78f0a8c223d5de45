// PostgreSQL's own parser as the judge of where statements begin and end.
import { loadModule, parseSync, scanSync } from 'libpg-query';

export const loadParser = loadModule;

/** The statements of a valid script, without comments and white space around them. */
export function parsedStatements(script: string): string[] {
  const bytes = Buffer.from(script);
  const tokens = scanSync(script).tokens.filter(({ tokenName }) => !/COMMENT$/.test(tokenName));
  return (parseSync(script).stmts ?? []).map(({ stmt_location: start = 0, stmt_len: length }) => {
    const end = length ? start + length : bytes.length;
    const own = tokens.filter((token) => token.start >= start && token.end <= end && token.text !== ';');
    return bytes.subarray(own[0]?.start, own.at(-1)?.end).toString();
  });
}
