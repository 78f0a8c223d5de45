/** `sqitch.plan`: changes, tags and dependencies in order, with the ids that the registry knows them by. */
import { createHash } from 'node:crypto';
import type { Problem, ProblemCode } from '../../../shared/problem.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { type Dependency, isName, type PlanLine, parseDependency, parsePlanLine, parsePragma } from './planLine.ts';

interface Planned {
  /** SHA-1 of everything the plan says of it and of what was before it. */
  readonly id: string;
  readonly note: string;
  readonly at: string;
  readonly planner: string;
  readonly email: string;
}

export interface PlannedTag extends Planned {
  /** With `@`. */
  readonly name: string;
}

export interface PlannedDependency extends Dependency {
  /** As written. */
  readonly text: string;
  /** Of the change it means, in this plan; null: of another project, or none. */
  readonly id: string | null;
}

export interface PlannedChange extends Planned {
  readonly name: string;
  readonly line: number;
  readonly dependencies: readonly PlannedDependency[];
  readonly tags: readonly PlannedTag[];
  /** Tags by which its scripts are named since a later change has its name, in order of preference. */
  readonly reworkTags: readonly string[];
}

export interface SqitchPlan {
  readonly project: string;
  readonly uri: string | null;
  readonly changes: readonly PlannedChange[];
}

interface Fault {
  readonly what: string;
  readonly hint: string;
  readonly code: ProblemCode;
}

const fault = (what: string, hint: string, code: ProblemCode = 'source.invalidMetadata'): Fault => ({
  what,
  hint,
  code,
});

type Building = PlannedChange & { tags: PlannedTag[]; reworkTags: string[] };

/** What is wrong with it goes to `problems`; what can be read of it is given nevertheless. */
export function parsePlan(path: string, text: string, problems: Problem[]): SqitchPlan {
  return new PlanReader(path, problems).read(text);
}

class PlanReader {
  readonly #path: string;
  readonly #problems: Problem[];
  readonly #changes: Building[] = [];
  /** Index of the change that it stands after. */
  readonly #tags = new Map<string, number>();
  #sinceTag = new Set<string>();
  #project = '';
  #uri: string | null = null;
  #line = 0;

  constructor(path: string, problems: Problem[]) {
    this.#path = path;
    this.#problems = problems;
  }

  read(text: string): SqitchPlan {
    let inHead = true;
    for (const line of text.split(/\r?\n/)) {
      this.#line++;
      if (/^[ \t]*$/.test(line)) {
        inHead = false;
      } else if (/^[ \t]*#/.test(line)) {
        // A comment.
      } else this.#report(inHead ? this.#pragma(line) : this.#entry(line));
    }
    this.#line = 1;
    if (this.#project === '') this.#report(fault('It names no project.', 'Add the line %project=name at its top.'));
    return { project: this.#project, uri: this.#uri, changes: this.#changes };
  }

  #pragma(line: string): Fault | null {
    const pragma = parsePragma(line);
    if (pragma === null)
      return fault(
        'A blank line must come between the pragmas, which begin with %, and the changes.',
        'Add the blank line.',
      );
    if (pragma.name === 'uri' && pragma.value !== '') this.#uri = canonical(pragma.value);
    if (pragma.name !== 'project') return null;
    if (isName(pragma.value)) this.#project = pragma.value;
    else return fault(`“${printable(pragma.value)}” is no name of a project.`, 'Correct %project.');
    return null;
  }

  #entry(text: string): Fault | null {
    const line = parsePlanLine(text);
    if (line === null)
      return fault('It is neither a change nor a tag.', 'Write: name [dependencies] date planner <mail> # note');
    const { at, planner, email } = line;
    if (at === null || planner === null || email === null)
      return fault(
        `${printable(line.name)} lacks its time, or its planner with a mail address.`,
        'Let sqitch add or tag write the line.',
      );
    if (['ROOT', 'HEAD'].includes(line.name)) return fault(`${line.name} is a reserved name.`, 'Rename it.');
    if (/^[0-9a-f]{40}/.test(line.name)) return fault(`${line.name} could be confused with an id.`, 'Rename it.');
    if (line.operator === '-')
      return fault('A change to be reverted is no part of a plan any more.', 'Remove the line.');
    const facts = { note: line.note, at, planner, email };
    return line.kind === 'tag' ? this.#tag(line, facts) : this.#change(line, facts);
  }

  #tag(line: PlanLine, facts: Omit<Planned, 'id'>): Fault | null {
    const name = `@${line.name}`;
    const change = this.#changes.at(-1);
    if (change === undefined) return fault(`The tag ${name} has no change before it.`, 'Move it behind one.');
    if (this.#tags.has(name))
      return fault(`The tag ${name} is there twice.`, 'Rename one of them.', 'source.duplicateVersion');
    if (/[\\/]/.test(name) || line.dependencies.length > 0)
      return fault(`The tag ${name} has a slash or dependencies.`, 'Remove them.');
    const id = this.#id('tag', [`tag ${name}`, `change ${change.id}`], [], facts);
    change.tags.push({ ...facts, id, name });
    this.#tags.set(name, this.#changes.length - 1);
    this.#sinceTag = new Set();
    return null;
  }

  #change(line: PlanLine, facts: Omit<Planned, 'id'>): Fault | null {
    const { name } = line;
    if (this.#sinceTag.has(name))
      return fault(
        `The change ${printable(name)} is there twice since the last tag.`,
        'Keep one; to rework a change, tag the plan first.',
        'source.duplicateVersion',
      );
    const dependencies = line.dependencies.flatMap((text) => this.#dependency(text, name));
    const parent = this.#changes.at(-1);
    const before = [`change ${name}`, ...(parent === undefined ? [] : [`parent ${parent.id}`])];
    const id = this.#id('change', before, listedIn(dependencies), facts);
    this.#reworks(name);
    this.#sinceTag.add(name);
    this.#changes.push({ ...facts, id, name, line: this.#line, dependencies, tags: [], reworkTags: [] });
    return null;
  }

  /** The earlier change of that name has its scripts under the name of a tag from now on. */
  #reworks(name: string): void {
    const at = this.#changes.findLastIndex((change) => change.name === name);
    const names = this.#changes.slice(at).toReversed();
    if (at >= 0) this.#changes[at]?.reworkTags.push(...names.flatMap(({ tags }) => tags.map((tag) => tag.name)));
  }

  #dependency(text: string, of: string): PlannedDependency[] {
    const dependency = parseDependency(text);
    if (dependency === null) {
      this.#report(
        fault(`“${printable(text)}” is no dependency.`, 'Write change, !change, change@tag or project:change.'),
      );
      return [];
    }
    const inside = dependency.project === null || dependency.project === this.#project;
    const found = inside ? this.#find(dependency.key) : null;
    const isForeignId = /^[0-9a-f]{40}$/.test(dependency.key);
    if (inside && found === null && dependency.kind === 'require' && !isForeignId)
      this.#report(
        fault(
          `${printable(of)} requires ${printable(text)}, which is not planned before it.`,
          'Move it behind what it requires, or correct the name.',
          'source.order',
        ),
      );
    // As the registry has it: the own project's name is left out.
    const shown = `${inside ? '' : `${dependency.project ?? ''}:`}${dependency.key}`;
    return [{ ...dependency, project: inside ? null : dependency.project, text: shown, id: found?.id ?? null }];
  }

  /** The first of that name, or the last one before a tag. */
  #find(key: string): Building | null {
    const [name = '', tag] = key.split('@');
    if (tag === undefined) return this.#changes.find((change) => change.name === name || change.id === key) ?? null;
    const index = this.#tags.get(`@${tag}`);
    if (index === undefined) return null;
    const before = this.#changes.slice(0, index + 1);
    return (name === '' ? before.at(-1) : before.findLast((change) => change.name === name)) ?? null;
  }

  /** App::Sqitch::Plan::Change and Plan::Tag, `info` and `id`. */
  #id(kind: string, about: readonly string[], lists: readonly string[], facts: Omit<Planned, 'id'>): string {
    const info = [
      `project ${this.#project}`,
      ...(this.#uri === null ? [] : [`uri ${this.#uri}`]),
      ...about,
      `planner ${facts.planner} <${facts.email}>`,
      `date ${facts.at}`,
      ...lists,
      ...(facts.note === '' ? [] : ['', facts.note]),
    ].join('\n');
    return createHash('sha1')
      .update(`${kind} ${Buffer.byteLength(info)}\0${info}`)
      .digest('hex');
  }

  #report(found: Fault | null): void {
    if (found === null) return;
    const message = `${printable(this.#path)}: ${found.what}`;
    this.#problems.push(sourceProblem(found.code, message, found.hint, { path: this.#path, line: this.#line }));
  }
}

function listedIn(dependencies: readonly PlannedDependency[]): string[] {
  const one = (kind: string, title: string, sign: string) => {
    const texts = dependencies.filter((each) => each.kind === kind).map(({ text }) => `\n  ${sign} ${text}`);
    return texts.length === 0 ? [] : [`${title}${texts.join('')}`];
  };
  return [...one('require', 'requires', '+'), ...one('conflict', 'conflicts', '-')];
}

/** Host in lower case, no usual port, a path at least. */
const canonical = (uri: string): string => (/^https?:/i.test(uri) && URL.canParse(uri) ? new URL(uri).href : uri);
