/** Every word of the window is in a catalogue (`texts.ts`), none in a screen's code: so that it can be translated. */
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

type Found = (at: number, text: string) => void;
interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
const inside = (node: Node, key: string): readonly Node[] => [node[key]].flat().filter(isNode);

/** What a person reads or hears. */
const readAttributes = new Set([
  ...['alt', 'aria-description', 'aria-label', 'aria-roledescription', 'aria-valuetext', 'description', 'error'],
  ...['label', 'placeholder', 'title', 'word'],
]);
const readProperties = new Set(['description', 'label', 'meaning', 'message', 'say', 'title', 'verb', 'word', 'words']);

test('it finds words in children, attributes, tables of words and announcements', () => {
  expect(
    literals(`
      const marks = { ok: { glyph: '✓', word: 'Good' } };
      const Page = ({ open }) => (
        <main className="wide page" aria-label="A page" title={open ? 'Opened' : texts.closed}>
          Hello {name} · {open && 'you'} {\`\${count} of them\`} {formatCount(count, 'step')}
          <Moment at={at} /> {texts.word} {announce('Done')} {rows === 'none'} – 100
        </main>
      );`),
  ).toEqual(["'Good'", 'A page', "'Opened'", 'Hello', "'you'", '`${count} of them`', "'step'", "'Done'"]);
});

test('no screen has words of its own', async () => {
  const found = await Promise.all(
    globSync('renderer/**/*.tsx', { cwd: root }).map(async (path) => {
      const source = await readFile(join(root, path), 'utf8');
      return literals(source).map((text) => `${path}: ${text}`);
    }),
  );
  expect(found.flat()).toEqual([]);
});

function literals(source: string): readonly string[] {
  const { program, errors } = parseSync('screen.tsx', source);
  if (errors[0] !== undefined) throw new Error(errors[0].message);
  const found = new Map<number, string>();
  walk(program, (at, text) => found.set(at, text), source);
  return [...found].toSorted(([one], [other]) => one - other).map(([, text]) => text);
}

function walk(value: unknown, found: Found, source: string): void {
  if (Array.isArray(value)) for (const one of value) walk(one, found, source);
  if (!isNode(value)) return;
  for (const read of readBy(value)) if (hasLetters(read)) found(read.start, textOf(read, source));
  for (const one of Object.values(value)) walk(one, found, source);
}

/** Nodes whose value this one shows to a person. */
function readBy(node: Node): readonly Node[] {
  switch (node.type) {
    case 'JSXElement':
    case 'JSXFragment':
      return inside(node, 'children').flatMap(values);
    case 'JSXAttribute':
      return readAttributes.has(nameOf(node, 'name')) ? inside(node, 'value').flatMap(values) : [];
    case 'Property':
      return readProperties.has(nameOf(node, 'key')) ? inside(node, 'value').flatMap(values) : [];
    case 'CallExpression':
      return ['announce', 'formatCount'].includes(nameOf(node, 'callee'))
        ? inside(node, 'arguments').flatMap(values)
        : [];
    default:
      return [];
  }
}

/** The literals that an expression can come to. */
function values(node: Node): readonly Node[] {
  switch (node.type) {
    case 'JSXText':
    case 'Literal':
    case 'TemplateLiteral':
      return [node];
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
      return inside(node, 'expression').flatMap(values);
    case 'ConditionalExpression':
      return [...inside(node, 'consequent'), ...inside(node, 'alternate')].flatMap(values);
    case 'LogicalExpression':
      return inside(node, 'right')
        .concat(node['operator'] === '&&' ? [] : inside(node, 'left'))
        .flatMap(values);
    case 'BinaryExpression':
      return node['operator'] === '+' ? [...inside(node, 'left'), ...inside(node, 'right')].flatMap(values) : [];
    default:
      return [];
  }
}

function hasLetters(node: Node): boolean {
  const texts =
    node.type === 'TemplateLiteral'
      ? inside(node, 'quasis').map(({ value }) => JSON.stringify(value))
      : [typeof node['value'] === 'string' ? node['value'] : ''];
  return texts.some((text) => /\p{L}/u.test(text.replaceAll(/"(?:raw|cooked)":/g, '')));
}

const nameOf = (node: Node, key: string): string =>
  inside(node, key)
    .map(({ name, value }) => (typeof name === 'string' ? name : typeof value === 'string' ? value : ''))
    .join('');

function textOf(node: Node, source: string): string {
  const text = source.slice(node.start, Number(node['end'])).trim();
  return node.type === 'Literal' && text.startsWith('"') ? text.slice(1, -1) : text;
}
