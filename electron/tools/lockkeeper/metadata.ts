/** What a migration of our own format says of itself: comment lines at a script's head, or a JSON file beside it. */
import type { MigrationMetadata } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { invalidMetadata, type JsonObject } from '../common/json.ts';
import { durationMs, listed, yesOrNo } from '../common/metadata.ts';
import { printable } from '../common/problems.ts';
import type { LinePlace } from '../common/scan.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Metadata = Mutable<MigrationMetadata>;

/** Takes a value into the metadata; returns what a valid value looks like when this one is not. */
type Take = (metadata: Metadata, value: string) => string | null;

const text =
  (field: 'description' | 'author' | 'date' | 'issue' | 'notes' | 'rollbackNotes'): Take =>
  (metadata, value) => {
    metadata[field] = value;
    return null;
  };

const list =
  (
    field: 'affectedTables' | 'affectedModules' | 'dependencies' | 'conflicts' | 'prerequisites' | 'verification',
  ): Take =>
  (metadata, value) => {
    metadata[field] = [...(metadata[field] ?? []), ...listed(value)];
    return null;
  };

const shortestTimeoutMs = 100;
const longestTimeoutMs = 24 * 3_600_000;

/** Keys of both forms. A comment line with any other key is an ordinary comment. */
const keys: Readonly<Record<string, Take>> = {
  description: text('description'),
  author: text('author'),
  date: text('date'),
  issue: text('issue'),
  notes: text('notes'),
  'rollback-notes': text('rollbackNotes'),
  tables: list('affectedTables'),
  modules: list('affectedModules'),
  requires: list('dependencies'),
  conflicts: list('conflicts'),
  prerequisites: list('prerequisites'),
  verification: list('verification'),
  changes(metadata, value) {
    metadata.changes = [...(metadata.changes ?? []), ...value.split('\n').map((line) => line.replace(/^[-*]\s+/, ''))];
    return null;
  },
  timeout(metadata, value) {
    const ms = durationMs(value);
    if (ms === null || ms < shortestTimeoutMs || ms > longestTimeoutMs)
      return 'a duration from 100ms to 24h, such as 30s or 5m';
    metadata.statementTimeoutMs = ms;
    return null;
  },
  estimated(metadata, value) {
    const ms = durationMs(value);
    if (ms === null) return 'a duration such as 90s, 5m or 1h 30m';
    metadata.estimatedMs = ms;
    return null;
  },
  downtime(metadata, value) {
    const answer = yesOrNo(value);
    if (answer === null) return 'yes or no';
    metadata.requiresDowntime = answer;
    return null;
  },
};

/** Where keys stand in their file; a JSON file's are not known. */
export interface MetadataLines {
  readonly requires?: number;
  readonly conflicts?: number;
}

export interface MetadataResult {
  readonly metadata: MigrationMetadata;
  readonly lines: MetadataLines;
  readonly problems: readonly Problem[];
}

/** `-- key: value`; lines that follow and are indented by two blanks more continue the value. */
export function metadataFromComments(comments: readonly LinePlace[], path: string): MetadataResult {
  const metadata: Metadata = {};
  const problems: Problem[] = [];
  let lines: MetadataLines = {};
  for (const { key, value, line } of entriesOf(comments)) {
    // As a new file has it: not yet filled in.
    if (value === '') continue;
    if (key === 'requires' || key === 'conflicts') lines = { [key]: line, ...lines };
    const wanted = keys[key]?.(metadata, value) ?? null;
    if (wanted !== null) problems.push(wrongValue(path, key, value, wanted, line));
  }
  return { metadata, lines, problems };
}

interface Entry {
  readonly key: string;
  value: string;
  readonly line: number;
}

function entriesOf(comments: readonly LinePlace[]): Entry[] {
  const entries: Entry[] = [];
  let open: { entry: Entry; line: number } | null = null;
  for (const { text: comment, line } of comments) {
    const pair = /^\s*--\s?([A-Za-z][A-Za-z-]*):\s*(.*)$/.exec(comment);
    const continued = /^\s*--\s{2,}(\S.*)$/.exec(comment)?.[1];
    const key = pair?.[1]?.toLowerCase() ?? '';
    if (pair !== null && key in keys) {
      const entry = { key, value: (pair[2] ?? '').trim(), line };
      entries.push(entry);
      open = { entry, line };
    } else if (continued !== undefined && open?.line === line - 1) {
      open.entry.value = `${open.entry.value}\n${continued.trim()}`.trim();
      open.line = line;
    } else {
      open = null;
    }
  }
  return entries;
}

/** The same keys in a JSON object (`rollbackNotes` or `rollback-notes`); values are text, numbers, booleans or lists of text. */
export function metadataFromJson(json: JsonObject, path: string): MetadataResult {
  const metadata: Metadata = {};
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(json)) {
    const key = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const take = keys[key];
    if (take === undefined) continue;
    const written = writtenAs(value, key === 'changes' ? '\n' : ', ');
    const wanted = written === null ? 'text, a number, true, false or a list of text' : take(metadata, written);
    if (wanted !== null) problems.push(wrongValue(path, name, written ?? JSON.stringify(value), wanted));
  }
  return { metadata, lines: {}, problems };
}

function writtenAs(value: unknown, separator: string): string | null {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.join(separator) : null;
}

function wrongValue(path: string, key: string, value: string, wanted: string, line?: number): Problem {
  return invalidMetadata(
    path,
    `"${key}" in ${printable(path)} is "${printable(value)}"; it must be ${wanted}.`,
    `Write ${wanted}.`,
    line === undefined ? {} : { line },
  );
}
