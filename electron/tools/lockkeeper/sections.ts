/** The marker lines of our own format, and what each section of a file is for. */
import type { Problem } from '../../../shared/problem.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import type { Mark, ScannedFile, ScanRules, Section } from '../common/scan.ts';

const sectionNames = ['up', 'down', 'verify'] as const;
type SectionName = (typeof sectionNames)[number];

const noTransaction = 'no-transaction';

const markLine = /^\s*--\s*lockkeeper:\s*(\S*)\s*$/i;

export const scanRules: ScanRules = {
  canonical: [null, 'up'],
  mark(line): Mark | null {
    const word = markLine.exec(line)?.[1]?.toLowerCase();
    if (word === undefined) return null;
    return isSectionName(word) ? { opens: word } : { directive: word };
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
    .filter((directive) => directive.text !== noTransaction)
    .map(({ text, line }) =>
      refuse(
        file,
        `"lockkeeper:${printable(text)}" in ${printable(file.path)} means nothing to this version.`,
        'Known are up, down, verify and no-transaction; a newer Lockkeeper may know more.',
        line,
      ),
    );
}

function refuse(file: ScannedFile, message: string, hint: string, line: number | undefined): Problem {
  return sourceProblem('source.invalidSections', message, hint, { path: file.path, line: line ?? 1 });
}
