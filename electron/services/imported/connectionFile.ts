/** Which program a file is of, by its content and its name, and what connections it holds. */
import { basename } from 'node:path';
import { connectionsOfMyCnf, connectionsOfPgpass, connectionsOfPgService } from './clientFiles.ts';
import { connectionsOfCompose } from './composeFile.ts';
import { connectionsOfDbeaver } from './dbeaver.ts';
import { connectionsOfEnv, readEnv } from './envFile.ts';
import type { FoundConnection } from './found.ts';
import { connectionsOfPgadmin } from './pgadmin.ts';

export interface ConnectionFile {
  /** Its path, or its name alone where only that is known. */
  readonly name: string;
  readonly text: string;
  /** The text of the `.env` file beside it; null: there is none. */
  readonly beside: string | null;
  /** It is where the program that reads it looks for it. */
  readonly own: boolean;
}

/** Null: it is of no program that is known. */
export async function connectionsOfFile({
  name,
  text: whole,
  beside,
  own,
}: ConnectionFile): Promise<FoundConnection[] | null> {
  const known = basename(name.replaceAll('\\', '/')).toLowerCase();
  if (/^\s*\{/.test(whole)) {
    const json = parseJson(whole);
    return connectionsOfDbeaver(json) ?? connectionsOfPgadmin(json);
  }
  const text = withoutLongLines(whole);
  if (/\.ya?ml$/.test(known) || /^services:/m.test(text))
    return connectionsOfCompose(text, beside === null ? new Map() : readEnv(beside));
  if (/^[ \t]*\[[^\]\s]/m.test(text))
    return /^[ \t]*\[(?:client|mysql|mariadb)/m.test(text) && !/service/.test(known)
      ? connectionsOfMyCnf(text, own)
      : connectionsOfPgService(text);
  if (/pgpass/.test(known)) return connectionsOfPgpass(text, own);
  const found = connectionsOfEnv(text);
  if (found.length > 0 || /env/.test(known)) return found;
  const lines = connectionsOfPgpass(text, own);
  return lines.length === 0 ? null : lines;
}

/** Characters of a line; what such files hold is shorter, and patterns take long on what is longer. */
const longestLine = 2000;

/** Nor do empty ones say anything. */
const withoutLongLines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.length <= longestLine && line.trim() !== '')
    .join('\n');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
