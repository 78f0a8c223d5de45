/** One committed migration: a header of `--! ` lines, a blank line, the body (graphile-migrate's src/header.ts, src/hash.ts). */
import { createHash } from 'node:crypto';

export interface CommittedFile {
  /** `sha1:…`; null for the first. */
  readonly previousHash: string | null;
  readonly hash: string;
  readonly message: string | null;
  /** Its author takes the hash as it is written. */
  readonly invalidHashAllowed: boolean;
  readonly body: string;
  /** 1-based, of the body's first. */
  readonly bodyLine: number;
}

export interface Refusal {
  readonly what: string;
  readonly line: number;
}

const headerLine = /^--! ([A-Za-z0-9_]+)(?:: ?(.*))?$/;

/** The file's parts, or why graphile-migrate would not take it. */
export function parseCommitted(text: string): CommittedFile | Refusal {
  if (text.includes('\r'))
    return { what: 'has line ends with carriage returns', line: lineOf(text, text.indexOf('\r')) };
  const lines = text.split('\n');
  const headers = new Map<string, string>();
  let at = 0;
  for (; at < lines.length; at++) {
    const [, name, value = ''] = headerLine.exec(lines[at] ?? '') ?? [];
    if (name === undefined) break;
    headers.set(name, value);
  }
  const hash = headers.get('Hash');
  const previous = headers.get('Previous');
  if (previous === undefined) return { what: 'has no header "--! Previous: "', line: 1 };
  if (hash === undefined) return { what: 'has no header "--! Hash: "', line: 1 };
  if (lines[at] !== '') return { what: 'has no blank line after its header', line: at + 1 };
  return {
    previousHash: previous === '-' || previous === '' ? null : previous,
    hash,
    message: headers.get('Message') ?? null,
    invalidHashAllowed: headers.has('AllowInvalidHash'),
    body: lines.slice(at + 1).join('\n'),
    bodyLine: at + 2,
  };
}

export const hashOf = (body: string, previousHash: string | null): string =>
  `sha1:${createHash('sha1')
    .update(`${`${previousHash ?? ''}\n${body.trim()}`.trim()}\n`)
    .digest('hex')}`;

/** src/migration.ts: only on the body's first line. */
export const optsOutOfTransaction = (body: string): boolean => /^--!\s*no-transaction\b[^\n]*\n/.test(body);

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
