/**
 * Reads a script once, in blocks, and tells where its sections are: byte ranges, lines, digests, leading comments.
 * Knows no tool: which lines open a section or give a directive is the caller's rule.
 */
import type { FileScript } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { isBlank, lineEnd, lineNotUtf8, takeBlocks } from './blocks.ts';
import { CanonicalHash, Sha256 } from './checksum.ts';
import { unreadable } from './folder.ts';
import { notUtf8 } from './problems.ts';

/** What a comment line means to a tool. */
export type Mark = { readonly opens: string } | { readonly directive: string };

export interface ScanRules {
  /** Asked for lines that begin with `--`, blanks before it allowed; the line comes without its line break. */
  readonly mark?: (line: string, number: number) => Mark | null;
  /** The line that opens a section belongs to it. */
  readonly openingLineIncluded?: boolean;
  /** The sections, by what opens them, to compute `Section.canonical` of. */
  readonly canonical?: readonly (string | null)[];
  /** Told of each line that is neither blank nor a `--` comment, in order with `mark`; of a very long one, its end. */
  readonly code?: (line: string, number: number) => void;
  /** Of all bytes of the file, its byte-order mark included. */
  readonly digest?: Digest;
}

/** A checksum of one file, fed in pieces. */
export interface Digest {
  update(bytes: Buffer): unknown;
  digest(): string;
}

export interface LinePlace {
  readonly text: string;
  /** 1-based, in the file. */
  readonly line: number;
}

export interface Section {
  /** What the opening line said; null for the text before the first. */
  readonly opens: string | null;
  /** The opening line; null for the text before the first. */
  readonly opening: LinePlace | null;
  /** Byte range in the file, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Line of its first character. */
  readonly line: number;
  readonly sha256: string;
  /** SHA-256 without what editors and version control change (common/checksum.ts); null unless asked for. */
  readonly canonical: string | null;
  /** Comment lines before its first statement, directives excluded. */
  readonly comments: readonly LinePlace[];
  readonly directives: readonly LinePlace[];
  /** First line that is neither blank nor a `--` comment; null when there is none. */
  readonly firstCode: number | null;
}

export interface ScannedFile {
  /** Relative to the source's root. */
  readonly path: string;
  readonly bytes: number;
  /** By `ScanRules.digest`; null unless asked for. */
  readonly digest: string | null;
  readonly startsWithMark: boolean;
  /** The first has `opens` null. */
  readonly sections: readonly [Section, ...Section[]];
  /** Why the file cannot be run: not readable, or not UTF-8. */
  readonly problem: Problem | null;
}

/** Enough for any head; more is text, not metadata. */
const commentsKept = 400;
const markBytes = 4096;

/** Never fails: a file that cannot be read is an empty one with its Problem, so that the rest of the folder can be. */
export async function scanFile(root: string, path: string, rules: ScanRules = {}): Promise<ScannedFile> {
  const scanner = new Scanner(rules);
  try {
    await takeBlocks(`${root}/${path}`, (block) => scanner.push(block));
  } catch (error) {
    return { ...new Scanner({}).finish(path), problem: unreadable(path, error) };
  }
  return scanner.finish(path);
}

/** The whole of a file without sections, its byte-order mark excluded. */
export const wholeScript = (file: ScannedFile): FileScript => scriptOf(file, file.sections[0]);

/** A section as a script. */
export function scriptOf(file: ScannedFile, section: Section): FileScript {
  const { start, end, line, sha256 } = section;
  return { kind: 'file', path: file.path, line, start, end, bytes: end - start, sha256 };
}

interface OpenSection {
  opens: string | null;
  opening: LinePlace | null;
  start: number;
  line: number;
  hash: Sha256;
  canonical: CanonicalHash | null;
  comments: LinePlace[];
  directives: LinePlace[];
  firstCode: number | null;
}

class Scanner {
  readonly #rules: ScanRules;
  readonly #closed: Section[] = [];
  #open: OpenSection;
  #offset = 0;
  #line = 1;
  #atLineStart = true;
  #startsWithMark = false;
  #badLine: number | null = null;
  #inCode = false;
  #codeEnd: Buffer | null = null;

  constructor(rules: ScanRules) {
    this.#rules = rules;
    this.#open = this.#section(null, null, 0, 1);
  }

  push(block: Buffer): void {
    this.#rules.digest?.update(block);
    const bad = this.#badLine === null ? lineNotUtf8(block) : null;
    if (bad !== null) this.#badLine = this.#line + bad;
    let from = this.#skipByteOrderMark(block);
    for (let at = from; at < block.length; ) {
      const end = lineEnd(block, at);
      const mark = this.#atLineStart ? this.#look(block, at, end) : null;
      if (mark !== null && 'opens' in mark) {
        this.#feed(block.subarray(from, at));
        const included = this.#rules.openingLineIncluded === true;
        this.#turn(mark.opens, block.subarray(at, end), this.#offset + at, end - at, included);
        from = included ? at : end;
      }
      this.#atLineStart = block[end - 1] === 0x0a;
      if (this.#inCode) this.#codeEnd = block.subarray(Math.max(at, end - markBytes), end);
      if (this.#atLineStart) this.#tellCode();
      if (this.#atLineStart) this.#line++;
      at = end;
    }
    this.#feed(block.subarray(from));
    this.#offset += block.length;
  }

  finish(path: string): ScannedFile {
    this.#tellCode();
    const last = this.#close(this.#offset);
    const [head, ...rest] = this.#closed;
    const sections: ScannedFile['sections'] = head === undefined ? [last] : [head, ...rest, last];
    const problem = this.#badLine === null ? null : notUtf8(path, this.#badLine);
    const digest = this.#rules.digest?.digest() ?? null;
    return { path, bytes: this.#offset, digest, startsWithMark: this.#startsWithMark, sections, problem };
  }

  /** A line longer than a block comes in parts: only its end tells how it ends. */
  #tellCode(): void {
    if (this.#codeEnd !== null) this.#rules.code?.(textOf(this.#codeEnd), this.#line);
    this.#inCode = false;
    this.#codeEnd = null;
  }

  #feed(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#open.hash.update(bytes);
    this.#open.canonical?.update(bytes);
  }

  /** Takes note of a line; returns its mark. */
  #look(block: Buffer, start: number, end: number): Mark | null {
    let first = start;
    while (first < end && isBlank(block[first])) first++;
    if (first === end) return null;
    const section = this.#open;
    if (block[first] !== 0x2d || block[first + 1] !== 0x2d) {
      section.firstCode ??= this.#line;
      this.#inCode = this.#rules.code !== undefined;
      return null;
    }
    const text = textOf(block.subarray(start, end));
    const mark = this.#rules.mark?.(text, this.#line) ?? null;
    if (mark !== null && 'directive' in mark) section.directives.push({ text: mark.directive, line: this.#line });
    else if (mark === null && section.firstCode === null && section.comments.length < commentsKept)
      section.comments.push({ text, line: this.#line });
    return mark;
  }

  #turn(opens: string, line: Buffer, start: number, bytes: number, included: boolean): void {
    this.#closed.push(this.#close(start));
    const opening = { text: textOf(line), line: this.#line };
    this.#open = included
      ? this.#section(opens, opening, start, this.#line)
      : this.#section(opens, opening, start + bytes, this.#line + 1);
  }

  #close(end: number): Section {
    const { hash, canonical, ...section } = this.#open;
    return { ...section, end, sha256: hash.digest(), canonical: canonical?.digest() ?? null };
  }

  #section(opens: string | null, opening: LinePlace | null, start: number, line: number): OpenSection {
    const canonical = this.#rules.canonical?.includes(opens) === true ? new CanonicalHash() : null;
    return {
      opens,
      opening,
      start,
      line,
      hash: new Sha256(),
      canonical,
      comments: [],
      directives: [],
      firstCode: null,
    };
  }

  /** The mark is no part of the first section; returns the bytes to skip. */
  #skipByteOrderMark(block: Buffer): number {
    if (this.#offset > 0 || !(block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf)) return 0;
    this.#startsWithMark = true;
    this.#open.start = 3;
    return 3;
  }
}

/** The end of a very long line is not kept. */
const textOf = (line: Buffer): string =>
  line
    .subarray(0, markBytes)
    .toString('utf8')
    .replace(/\r?\n$/, '');
