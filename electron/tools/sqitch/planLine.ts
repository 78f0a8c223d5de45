/** Lines of `sqitch.plan` by their grammar (App::Sqitch::Plan, Plan::Line, Plan::Depend). */

const punctuation = '\\-!"#$%&\'()*+,./:;<=>?@[\\\\\\]^`{|}~';
/** Names neither begin nor end with punctuation; `@`, `:`, `#`, a backslash and blanks are in none. */
const name = `(?![${punctuation}])(?:(?![~/=%^][0-9]+(?:$|[ \\t]))[^ \\t:@#\\\\])+(?<![${punctuation}])(?![\\p{L}\\p{N}_])`;

const namePattern = new RegExp(`^${name}$`, 'u');
const pragmaPattern = /^[ \t]*%[ \t]*([^ \t=]+)(?:[ \t]*=[ \t]*(.+))?$/;
const linePattern = new RegExp(
  `^[ \\t]*(?:(?<tag>@)|(?<operator>[+-])[ \\t]*)?(?<name>${name})(?:[ \\t]+)?(?:\\[(?<dependencies>[^\\]]+)\\][ \\t]*)?(?:(?<at>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)[ \\t]*)?(?:(?<planner>[^<]+)[ \\t]+<(?<email>[^>]+)>)?$`,
  'u',
);
const dependencyPattern = new RegExp(
  `^(?<not>!?)(?:(?<project>${name}):)?(?:(?<id>[0-9a-f]{40})|(?<change>${name})(?:@(?<tag>${name}))?|@(?<only>${name}))$`,
  'u',
);

export interface PlanLine {
  readonly kind: 'tag' | 'change';
  /** `-`: to be reverted, which no program of today writes. */
  readonly operator: string | null;
  /** Without `@`. */
  readonly name: string;
  readonly dependencies: readonly string[];
  /** ISO 8601 in UTC, whole seconds; null: missing. */
  readonly at: string | null;
  readonly planner: string | null;
  readonly email: string | null;
  readonly note: string;
}

export interface Dependency {
  readonly kind: 'require' | 'conflict';
  /** Null: this one. */
  readonly project: string | null;
  /** `change`, `change@tag`, `@tag` or an id. */
  readonly key: string;
}

export const isName = (text: string): boolean => namePattern.test(text);

/** What is before the first `#`, without the blanks at its end, and the note after it. */
function split(line: string): { code: string; note: string } {
  const hash = line.indexOf('#');
  const code = (hash < 0 ? line : line.slice(0, hash)).replace(/[ \t]+$/, '');
  const note = hash < 0 ? '' : line.slice(hash + 1).trim();
  return { code, note: note.replace(/\\([\\nr])/g, (_, one: string) => unescaped[one] ?? one) };
}

const unescaped: Readonly<Record<string, string>> = { n: '\n', r: '\r', '\\': '\\' };

/** Null: not a pragma. */
export function parsePragma(line: string): { readonly name: string; readonly value: string } | null {
  const [, found, value = ''] = pragmaPattern.exec(split(line).code) ?? [];
  return found === undefined ? null : { name: found, value };
}

/** Null: not a line of changes and tags. */
export function parsePlanLine(line: string): PlanLine | null {
  const { code, note } = split(line);
  const found = linePattern.exec(code)?.groups;
  if (found?.['name'] === undefined) return null;
  return {
    kind: found['tag'] === undefined ? 'change' : 'tag',
    operator: found['operator'] ?? null,
    name: found['name'],
    dependencies: found['dependencies']?.split(/[ \t]+/).filter((part) => part !== '') ?? [],
    at: found['at'] ?? null,
    planner: found['planner'] ?? null,
    email: found['email'] ?? null,
    note,
  };
}

/** Null: not a dependency. */
export function parseDependency(text: string): Dependency | null {
  const found = dependencyPattern.exec(text)?.groups;
  if (found === undefined) return null;
  const tag = found['tag'] ?? found['only'];
  const key = found['id'] ?? `${found['change'] ?? ''}${tag === undefined ? '' : `@${tag}`}`;
  return { kind: found['not'] === '!' ? 'conflict' : 'require', project: found['project'] ?? null, key };
}
