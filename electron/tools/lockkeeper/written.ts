/** Another tool's migration as a file of our own format. */
import type { Migration } from '../../../shared/model/migration.ts';
import { isForeignMark } from './sections.ts';

export interface Texts {
  readonly up: string;
  readonly down: string | null;
  readonly verify: string | null;
}

/** With the sections and directives that say what the other tool's file said. */
export function writtenText({ transaction, metadata }: Migration, { up, down, verify }: Texts): string {
  const told = [
    ['description', metadata.description],
    ['author', metadata.author],
    ['date', metadata.date],
    ['issue', metadata.issue],
  ] as const;
  const head = told.flatMap(([key, value]) =>
    value === undefined ? [] : [`-- ${key}: ${value.replace(/\s+/g, ' ').trim()}`],
  );
  return [
    ...(head.length === 0 ? [] : [...head, '']),
    section('up', up, transaction.up),
    ...(down === null ? [] : [section('down', down, transaction.down)]),
    ...(verify === null ? [] : [section('verify', verify, true)]),
  ].join('\n');
}

function section(name: string, text: string, inTransaction: boolean): string {
  const lines = text.replace(/^\uFEFF/, '').replace(/^(?:[ \t]*\r?\n)+|\s+$/g, '');
  return `-- lockkeeper:${name}\n${inTransaction ? '' : '-- lockkeeper:no-transaction\n'}${lines}\n`;
}

/** Without the lines by which other tools divide their files: what they say is said by our own. */
export const withoutForeignMarks = (text: string): string =>
  text
    .split(/(?<=\n)/)
    .filter((line) => !isForeignMark(line))
    .join('');
