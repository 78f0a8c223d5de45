/** Formatted SQL (parser/AbstractFormattedChangeLogParser.java): change sets between comment lines. */
import { ProblemError } from '../../../shared/problem.ts';
import { printable } from '../common/problems.ts';
import { rawSql } from './changes/written.ts';
import { type ChangeSet, type Inherited, normalPath } from './model.ts';
import type { ChangeNode } from './node.ts';
import { refused } from './parsing.ts';

export const firstLine = /^\s*--\s*liquibase\s*formatted.*/i;

const changeSetLine = /^\s*--\s*changeset\s+("[^"]+"|[^:]+):\s*("[^"]+"|\S+).*/i;
const changeSetAttempt = /^(?:\s*--|-)\s*changeset\b/i;
const propertyLine = /^\s*--\s*property\s+(?:.*:.*)\s+(?:.*:.*).*/i;
const commentLine = /^--\s*comment:? (.*)/i;
const checkSumLine = /^--\s*validCheckSum:? (.*)/i;
const rollbackLine = /^\s*--\s*rollback (.*)/i;
const rollbackBlock = /^\s*\/\*\s*liquibase\s*rollback\s*$/i;
const blockEnd = /\*\/\s*$/;
const preconditionsLine = /^\s*--\s*preconditions(.*)/i;
const preconditionLine = /^\s*--\s*precondition-([a-z0-9-]+)(?: (.*))?/i;
const ignoreLines = /^--\s*ignoreLines:(\w+)/i;
/** A dash or a colon too few, an s too many: Liquibase refuses these lines rather than running them as comments. */
const misspelt =
  /^(?:\s*-\s*(?:rollback|preconditions?|comment:?|validCheckSum|property|ignoreLines)\b|--\s*comments:? |--\s*ignore:)/i;

export interface FormattedContext {
  readonly path: string;
  readonly file: string;
  readonly inherited: Inherited;
  /** Replaces parameters as they are known when it is called. */
  readonly expand: (text: string) => string;
  readonly property: (property: {
    name: string;
    value: string;
    context: string;
    labels: string;
    dbms: string;
    global: boolean;
  }) => void;
}

interface Open {
  readonly header: string;
  readonly id: string;
  readonly author: string;
  readonly line: number;
  readonly lines: string[];
  readonly rollback: string[];
  rollbackLine: number;
  comment: string;
  readonly checkSums: string[];
  preConditions: ChangeNode | null;
}

/** @throws {ProblemError} `source.invalidSections` with the line that Liquibase refuses too */
export function parseFormattedSql(text: string, context: FormattedContext): ChangeSet[] {
  const sets: ChangeSet[] = [];
  const lines = text.split(/\r\n|\n|\r/);
  let logicalPath: string | null = null;
  let open: Open | null = null;
  const refuse = (line: number, message: string, hint: string): never => {
    throw new ProblemError(refused(context.file, line, `${printable(context.file)} ${message}`, hint));
  };
  const close = () => {
    if (open === null) return;
    if (open.lines.join('').trim() === '')
      refuse(open.line, `has a change set ${printable(open.id)} without SQL.`, 'Write its SQL, or remove it.');
    sets.push(finish(open, logicalPath, context));
    open = null;
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const number = at + 1;
    if (propertyLine.test(line)) {
      context.property(propertyOf(line, context.expand));
      // A line stays a line, so that places stay places.
      open?.lines.push('');
      continue;
    }
    if (firstLine.test(line)) logicalPath = attribute(line, /logicalFilePath:(\S*)/i);
    const ignored = ignoreLines.exec(line)?.[1];
    if (ignored !== undefined) {
      const until = ignoredUntil(lines, at, ignored);
      if (until === null)
        refuse(
          number,
          `has “ignoreLines:${printable(ignored)}”, which is neither a number nor start.`,
          'Write --ignoreLines:start and --ignoreLines:end, or a number of lines.',
        );
      for (; at < (until ?? at); at++) open?.lines.push('');
      open?.lines.push('');
      continue;
    }
    const header = changeSetLine.exec(line);
    if (header !== null) {
      close();
      open = opened(header, line, number, context.expand);
      if (open.id.replace(/[: ]/g, '') === '')
        refuse(number, 'has a change set without an id.', 'Write --changeset author:id.');
      continue;
    }
    if (changeSetAttempt.test(line))
      refuse(number, 'has a line that is nearly a change set.', 'Write --changeset author:id.');
    if (misspelt.test(line))
      refuse(
        number,
        'has a line that is nearly one of Liquibase’s own.',
        'Write two dashes and the word as Liquibase knows it: --rollback, --comment, --preconditions …',
      );
    if (open === null) {
      if (commentLine.test(line))
        refuse(number, 'has a comment line outside of a change set.', 'Move it below the --changeset line.');
      continue;
    }
    const after: number | null = ownLine(open, line, lines, at);
    if (after === null) open.lines.push(line);
    else {
      if (after >= lines.length)
        refuse(number, 'has a rollback block that is never closed.', 'End it with */ on a line of its own.');
      for (; at < after; at++) open.lines.push('');
      open.lines.push('');
    }
  }
  close();
  return sets;
}

/** The last line that belongs to a line of Liquibase's own; null: it is SQL. */
function ownLine(open: Open, line: string, lines: readonly string[], at: number): number | null {
  const comment = commentLine.exec(line)?.[1];
  if (comment !== undefined) {
    open.comment = comment;
    return at;
  }
  const checkSum = checkSumLine.exec(line)?.[1];
  if (checkSum !== undefined) {
    open.checkSums.push(checkSum.trim());
    return at;
  }
  const rollback = rollbackLine.exec(line)?.[1];
  if (rollback !== undefined) {
    if (open.rollback.length === 0) open.rollbackLine = at + 1;
    open.rollback.push(rollback);
    return at;
  }
  if (rollbackBlock.test(line)) {
    const end = lines.findIndex((one, index) => index > at && blockEnd.test(one));
    if (open.rollback.length === 0) open.rollbackLine = at + 2;
    open.rollback.push(...lines.slice(at + 1, end < 0 ? at : end), (lines[end] ?? '').replace(blockEnd, ''));
    return end < 0 ? lines.length : end;
  }
  const container = preconditionsLine.exec(line)?.[1];
  if (container !== undefined) {
    open.preConditions = preConditions(container, at + 1, open.preConditions);
    return at;
  }
  const [, name, rest] = preconditionLine.exec(line) ?? [];
  if (name === undefined) return null;
  const before = open.preConditions ?? preConditions('', at + 1, null);
  open.preConditions = { ...before, children: [...before.children, preCondition(name, rest ?? '', at + 1)] };
  return at;
}

function ignoredUntil(lines: readonly string[], at: number, asked: string): number | null {
  if (asked === 'start') {
    const end = lines.findIndex((line, index) => index > at && /^--\s*ignoreLines:end\b/i.test(line));
    return end < 0 ? lines.length - 1 : end;
  }
  return /^\d+$/.test(asked) ? Math.min(at + Number(asked), lines.length - 1) : null;
}

const attribute = (line: string, pattern: RegExp): string | null => {
  // The last one counts, as Liquibase's patterns are greedy.
  const found = [...line.matchAll(new RegExp(pattern, 'gi'))].at(-1)?.[1];
  return found === undefined ? null : found.replace(/^"(.*)"$/, '$1');
};

const truthOf = (line: string, name: string): boolean | null => {
  const text = attribute(line, new RegExp(`${name}:(\\w+)`));
  return text === null ? null : text.toLowerCase() === 'true';
};

const withoutQuotes = (text: string): string => text.trim().replace(/^"(.*)"$/, '$1');

const opened = (header: RegExpExecArray, line: string, number: number, expand: (text: string) => string): Open => ({
  header: line,
  author: expand(withoutQuotes(header[1] ?? '')),
  id: expand(withoutQuotes(header[2] ?? '')),
  line: number,
  lines: [],
  rollback: [],
  rollbackLine: number,
  comment: '',
  checkSums: [],
  preConditions: null,
});

function finish(open: Open, logicalPath: string | null, context: FormattedContext): ChangeSet {
  const { header } = open;
  const { inherited } = context;
  const given = (pattern: RegExp): string | null => {
    const text = attribute(header, pattern);
    return text === null || text === '' ? null : context.expand(text);
  };
  const filter = given(/contextFilter:(".*?"|\S*)/) ?? given(/\bcontext:(".*?"|\S*)/);
  const labels = given(/labels:(".*?"|\S*)/);
  const logical = given(/logicalFilePath:(\S*)/) ?? logicalPath;
  const sql = context.expand(open.lines.join('\n'));
  const written = {
    split: truthOf(header, '(?<!rollback)splitStatements') !== false,
    delimiter: attribute(header, /\b(?<!rollback)endDelimiter:(\S*)/),
  };
  const runWith = given(/runWith:([\w${}]+)/);
  return {
    id: open.id,
    author: open.author,
    path: logical === null ? context.path : normalPath(logical),
    file: context.file,
    line: open.line,
    changes: [rawSql(sql, open.line + 1, { ...written, delimiter: written.delimiter || null })],
    ...rollbackOf(open, context),
    comments: open.comment.trim(),
    contexts: filter === null ? inherited.contexts : [...inherited.contexts, filter],
    labels: [
      ...inherited.labels,
      ...(labels ?? '')
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    ],
    dbms: given(/dbms:([^,][\w!,]+)/),
    runAlways: truthOf(header, 'runAlways') === true,
    runOnChange: truthOf(header, 'runOnChange') === true,
    runInTransaction: truthOf(header, 'runInTransaction') !== false,
    failOnError: truthOf(header, 'failOnError') !== false,
    ignored: inherited.ignored || truthOf(header, '\\bignore') === true,
    validCheckSums: open.checkSums,
    preConditions: open.preConditions,
    tag: null,
    quoting: 'LEGACY',
    runOrder: null,
    refusals: runWith === null || runWith === 'jdbc' ? [] : [`runWith ${runWith} is not supported`],
  };
}

function rollbackOf(open: Open, context: FormattedContext): Pick<ChangeSet, 'rollback' | 'rollbackOf'> {
  const text = open.rollback.join('\n');
  if (text.trim() === '') return { rollback: null, rollbackOf: null };
  if (/^(?:not required|empty)/i.test(text.trim())) return { rollback: [], rollbackOf: null };
  if (/changesetid/i.test(text)) {
    const part = (pattern: RegExp) => attribute(text.replaceAll('\n', ' '), pattern);
    const path = part(/changesetPath:(\S+)/);
    const identity = { id: part(/changesetId:(\S+)/) ?? '', author: part(/changesetAuthor:(\S+)/) ?? '' };
    return { rollback: null, rollbackOf: { ...identity, path: path === null ? context.path : normalPath(path) } };
  }
  const written = {
    split: truthOf(open.header, 'rollbackSplitStatements') !== false,
    delimiter: attribute(open.header, /\brollbackEndDelimiter:(\S*)/) || null,
  };
  return { rollback: [rawSql(context.expand(text), open.rollbackLine, written)], rollbackOf: null };
}

function propertyOf(line: string, expand: (text: string) => string) {
  const part = (pattern: RegExp) => expand(attribute(line, pattern) ?? '');
  return {
    name: part(/name:\s*(\S+)/),
    value: part(/value:\s*(\S+)/),
    context: part(/contextFilter:(".*?"|\S*)/) || part(/context:(".*?"|\S*)/),
    labels: part(/labels:(".*?"|\S*)/),
    dbms: part(/dbms:([^,][\w!,]+)/),
    global: truthOf(line, 'global') !== false,
  };
}

const leaf = (name: string, value: string, line: number): ChangeNode => ({ name, value, children: [], line });

function preConditions(rest: string, line: number, before: ChangeNode | null): ChangeNode {
  const given = [...rest.matchAll(/\b(onFail|onError):(\w+)/gi)].map(([, name = '', value = '']) =>
    leaf(/fail/i.test(name) ? 'onFail' : 'onError', value, line),
  );
  return { name: 'preConditions', value: null, line, children: [...(before?.children ?? []), ...given] };
}

/** `sql-check expectedResult:0 SELECT …`, `table-exists table:x schema:y`. */
function preCondition(name: string, rest: string, line: number): ChangeNode {
  if (name.toLowerCase() === 'sql-check') {
    const [, word, single, double, sql = ''] =
      /^(?:expectedResult:)?(?:(\w+)|'([^']+)'|"([^"]+)") (.*)$/i.exec(rest.trim()) ?? [];
    const expected = word ?? single ?? double ?? '';
    return { name: 'sqlCheck', value: sql, line, children: [leaf('expectedResult', expected, line)] };
  }
  const fields = [...rest.matchAll(/\b(table|view|schema):(\w+)/gi)].map(([, field = '', value = '']) =>
    leaf(`${field.toLowerCase()}Name`, value, line),
  );
  const camel = name.toLowerCase().replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { name: camel, value: null, line, children: fields };
}
