/** YAML and JSON changelogs, values as SnakeYAML reads them (YAML 1.1) and Java writes them. */
import type { Document, LineCounter, ParsedNode, Range, Scalar } from 'yaml';
import { ProblemError } from '../../../shared/problem.ts';
import type { ChangeNode } from './node.ts';
import { malformed, tooDeep, treeLimits } from './parsing.ts';

/** @throws {ProblemError} `source.invalidMetadata` with the place */
export async function parseYaml(text: string, path: string): Promise<ChangeNode> {
  // Loaded when it is needed: most projects have no such file.
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, {
    version: '1.1',
    lineCounter: lines,
    intAsBigInt: true,
    merge: true,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    const format = path.endsWith('.json') ? 'JSON' : 'YAML';
    throw new ProblemError(malformed(path, format, error.message.replace(/\.$/, ''), { line, column: col }));
  }
  const reader = new Reader(path, lines, document, yaml);
  const root = reader.children(document.contents, 1);
  const changelog = root.find(({ name }) => name === 'databaseChangeLog');
  if (changelog !== undefined) return changelog;
  throw new ProblemError(
    malformed(path, 'changelog', 'it does not begin with databaseChangeLog', { line: 1, column: 1 }),
  );
}

type Yaml = typeof import('yaml');
type Content = ParsedNode | Document['contents'] | undefined;

/** A list of maps is a list of children by the names in the maps, at whatever depth lists and maps alternate. */
class Reader {
  readonly #path: string;
  readonly #lines: LineCounter;
  readonly #document: Document;
  readonly #yaml: Yaml;
  /** Aliases are copied: this many nodes at most come out of one file, however they are folded into each other. */
  #nodesLeft = 500_000;

  constructor(path: string, lines: LineCounter, document: Document, yaml: Yaml) {
    this.#path = path;
    this.#lines = lines;
    this.#document = document;
    this.#yaml = yaml;
  }

  children(content: Content, depth: number): ChangeNode[] {
    this.#nodesLeft--;
    const node = this.#resolved(content);
    if (this.#nodesLeft < 0 || depth > treeLimits.depth)
      throw new ProblemError(tooDeep(this.#path, this.#lineOf(content)));
    if (this.#yaml.isSeq(node)) return node.items.flatMap((item) => this.children(item as Content, depth + 1));
    if (!this.#yaml.isMap(node)) return [];
    return node.items.flatMap(({ key, value }) => {
      const name = this.#yaml.isScalar(key) ? String(key.value) : '';
      return name === '<<'
        ? this.children(value as Content, depth + 1)
        : this.#child(name, key, value as Content, depth);
    });
  }

  #child(name: string, key: unknown, content: Content, depth: number): ChangeNode[] {
    const line = this.#lineOf(key as Content);
    const node = this.#resolved(content);
    if (this.#yaml.isScalar(node)) return [{ name, line, children: [], ...scalarText(node) }];
    // A list of plain values is one node for each.
    if (this.#yaml.isSeq(node) && node.items.length > 0 && node.items.every((item) => this.#yaml.isScalar(item)))
      return node.items.map((item) => ({ name, line, children: [], ...scalarText(item as Scalar) }));
    return [{ name, line, value: null, children: this.children(content, depth + 1) }];
  }

  #resolved(content: Content): unknown {
    return this.#yaml.isAlias(content) ? content.resolve(this.#document) : content;
  }

  #lineOf(content: Content): number {
    const range = (content as { range?: Range | null } | null | undefined)?.range;
    return range === null || range === undefined ? 1 : this.#lines.linePos(range[0]).line;
  }
}

function scalarText({ value, source }: Scalar): Pick<ChangeNode, 'value' | 'unsure'> {
  if (value === null || value === undefined) return { value: null };
  // SnakeYAML takes neither for a truth value.
  if (typeof value === 'boolean' && /^[yn]$/i.test(source ?? '')) return { value: source ?? '' };
  // The library takes `e1` for a number, too.
  if (
    typeof value === 'number' &&
    !/\d/.test((source ?? '').replace(/e.*$/i, '')) &&
    !/\.(?:inf|nan)/i.test(source ?? '')
  )
    return { value: source ?? '' };
  if (typeof value === 'number') return { value: javaDouble(value) };
  // A date without quotes becomes Java's Date, written in the machine's own zone.
  if (value instanceof Date) return { value: source ?? value.toISOString(), unsure: true };
  return { value: String(value) };
}

/** Double.toString. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}
