/** The marker lines of our own format, and what each section of a file is for. */
import type { StatementDirective } from '../../../shared/model/directive.ts';
import type { FileScript } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { type Mark, type ScannedFile, type ScanRules, type Section, scriptOf } from '../common/scan.ts';
import { statementDirective, statementWords, wordOf } from './directives.ts';

const sectionNames = ['up', 'down', 'verify'] as const;
type SectionName = (typeof sectionNames)[number];

const noTransaction = 'no-transaction';

/** What opens a section in the files of other tools (formats.md): read as a comment, its rollback would run with the rest. */
const foreignMark =
  /^\s*--\s*(?:migrate:(?:up|down)\b|\+goose\s|!\s?(?:ups|downs)\b|rambler\s+(?:up|down)\b|-*\s*(?:up|down)\s+migration(?:\s*\(rollback\))?\s*$)/i;
const foreignPrefix = 'foreign ';

export const isForeignMark = (line: string): boolean => foreignMark.test(line);

const markLine = /^\s*--\s*lockkeeper:\s*(\S*)\s*(.*?)\s*$/i;

export const scanRules: ScanRules = {
  canonical: [null, 'up'],
  mark(line): Mark | null {
    const [, written, rest = ''] = markLine.exec(line) ?? [];
    if (written === undefined) return isForeignMark(line) ? { directive: foreignPrefix + line.trim() } : null;
    const word = written.toLowerCase();
    // Read with the statement after it, in every tool's files.
    if (word === 'accept') return null;
    return isSectionName(word) && rest === '' ? { opens: word } : { directive: `${word} ${rest}`.trim() };
  },
};

export interface Sections {
  readonly up: Section;
  readonly down: Section | null;
  readonly verify: Section | null;
  /** Comes before the first marker: metadata, and directives for the whole file. */
  readonly head: Section;
  readonly problems: readonly Problem[];
}

/** A file without a section marker is all up. */
export function sectionsOf(file: ScannedFile): Sections {
  const [head, ...rest] = file.sections;
  const find = (name: SectionName): Section | null => rest.find((section) => section.opens === name) ?? null;
  const problems = [...unknownDirectives(file), ...(rest.length === 0 ? [] : structureProblems(file, head, rest))];
  return { up: find('up') ?? head, down: find('down'), verify: find('verify'), head, problems };
}

/** For the half of a pair: the whole file, which may not be divided further. */
export function wholeOf(file: ScannedFile): { section: Section; problems: readonly Problem[] } {
  const [section, divided] = file.sections;
  const problems = [...unknownDirectives(file)];
  if (divided !== undefined) {
    problems.push(
      refuse(
        file,
        `${printable(file.path)} is one script of a pair or folder, yet has a section marker.`,
        'Remove the marker, or put all sections into one file.',
        divided.opening?.line,
      ),
    );
  }
  return { section, problems };
}

/** In a transaction unless the head or the section itself says otherwise. */
export function inTransaction(...sections: readonly Section[]): boolean {
  return !sections.some((section) => section.directives.some((directive) => directive.text === noTransaction));
}

const isSectionName = (word: string): word is SectionName => (sectionNames as readonly string[]).includes(word);

function structureProblems(file: ScannedFile, head: Section, rest: readonly Section[]): Problem[] {
  const name = printable(file.path);
  const problems: Problem[] = [];
  const stray = head.directives.find(({ text }) => statementWords.includes(wordOf(text).word));
  if (stray !== undefined)
    problems.push(
      refuse(
        file,
        `${name} asks something of a statement before its first section marker, where there is none.`,
        'Move that line to the statement it is meant for.',
        stray.line,
      ),
    );
  if (head.firstCode !== null) {
    problems.push(
      refuse(
        file,
        `${name} has SQL before its first section marker; it would never run.`,
        'Move it into a section.',
        head.firstCode,
      ),
    );
  }
  for (const [index, section] of rest.entries()) {
    if (rest.findIndex((other) => other.opens === section.opens) < index) {
      problems.push(
        refuse(
          file,
          `${name} has a second section "${section.opens ?? ''}".`,
          'Join the two, or make two migrations of them.',
          section.opening?.line,
        ),
      );
    }
  }
  if (!rest.some((section) => section.opens === 'up')) {
    const message = `${name} has a section "${rest[0]?.opens ?? ''}", but none that begins with "-- lockkeeper:up".`;
    problems.push(
      sourceProblem('source.downWithoutUp', message, 'Put that line before the statements to apply.', {
        path: file.path,
        line: rest[0]?.opening?.line ?? 1,
      }),
    );
  }
  return problems;
}

function unknownDirectives(file: ScannedFile): Problem[] {
  return file.sections
    .flatMap((section) => section.directives)
    .filter(({ text }) => text !== noTransaction && !statementWords.includes(wordOf(text).word))
    .map(({ text, line }) =>
      text.startsWith(foreignPrefix)
        ? foreignSection(file, text.slice(foreignPrefix.length), line)
        : refuse(
            file,
            `"lockkeeper:${printable(text)}" in ${printable(file.path)} means nothing to this version.`,
            'Known are up, down, verify, no-transaction, batch, expect and accept; a newer Lockkeeper may know more.',
            line,
          ),
    );
}

const foreignSection = (file: ScannedFile, mark: string, line: number): Problem =>
  refuse(
    file,
    `${printable(file.path)} has a section marker of another tool, "${printable(mark)}": all of it would run as one script.`,
    'Name the tool the file is written for with --tool, or use the markers of this format.',
    line,
  );

/** A section as a script, with what its author asks of its statements. */
export function ownScript(
  file: ScannedFile,
  section: Section,
  { transaction, problems }: { transaction: boolean; problems: Problem[] },
): FileScript {
  const asked = section.directives.filter(({ text }) => statementWords.includes(wordOf(text).word));
  const directives = asked.flatMap((place): StatementDirective[] => {
    const read = statementDirective(place);
    if ('wanted' in read) {
      const what = `"lockkeeper:${printable(place.text)}" in ${printable(file.path)} cannot be read.`;
      problems.push(refuse(file, what, `Write ${read.wanted}.`, place.line));
      return [];
    }
    if (read.kind === 'batch' && transaction) problems.push(needsNoTransaction(file, section, place.line));
    return [read];
  });
  return {
    ...scriptOf(file, section),
    placeholders: true,
    ...(directives.length === 0 ? {} : { directives }),
  };
}

const needsNoTransaction = (file: ScannedFile, { opens }: Section, line: number): Problem =>
  opens === 'verify'
    ? refuse(file, `${printable(file.path)} batches a statement of its verification.`, 'Verify with queries.', line)
    : refuse(
        file,
        `${printable(file.path)} batches a statement inside a transaction; a batch is committed by itself.`,
        'Add “-- lockkeeper:no-transaction” to the section.',
        line,
      );

function refuse(file: ScannedFile, message: string, hint: string, line: number | undefined): Problem {
  return sourceProblem('source.invalidSections', message, hint, { path: file.path, line: line ?? 1 });
}
