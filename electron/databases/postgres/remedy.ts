// What an administrator can do about a missing right, extension or role, from PostgreSQL's own words.
import { dialect } from './dialect.ts';

/** What is granted when an object of this kind is refused; the server does not tell which of them was missing. */
const privileges: Readonly<Record<string, string>> = {
  schema: 'USAGE, CREATE ON SCHEMA',
  table: 'SELECT, INSERT, UPDATE, DELETE ON TABLE',
  view: 'SELECT ON TABLE',
  sequence: 'USAGE, SELECT, UPDATE ON SEQUENCE',
  function: 'EXECUTE ON FUNCTION',
  procedure: 'EXECUTE ON PROCEDURE',
  database: 'CONNECT, CREATE ON DATABASE',
  language: 'USAGE ON LANGUAGE',
  type: 'USAGE ON TYPE',
};

/** Completes "Ask an administrator to …"; null when the words are others, as in another language. */
export function remedyFor(message: string): string | null {
  const extension = /^extension "(.+)" is not available$/.exec(message)?.[1];
  if (extension !== undefined) return `install the extension ${dialect.quoteIdentifier(extension)} on the server`;
  const role = /^role "(.+)" does not exist$/.exec(message)?.[1];
  if (role !== undefined) return `create the role ${dialect.quoteIdentifier(role)}`;
  const refused = /^permission denied for (\w+) "?(.+?)"?$/.exec(message);
  const granted = privileges[refused?.[1] ?? ''];
  if (granted !== undefined) return `grant this account ${granted} ${dialect.quoteIdentifier(refused?.[2] ?? '')}`;
  const owned = /^must be owner of ([\w ]+?) "?([^" ]+)"?$/.exec(message);
  return owned === null
    ? null
    : `make this account a member of the role that owns the ${owned[1]} ${dialect.quoteIdentifier(owned[2] ?? '')}`;
}
