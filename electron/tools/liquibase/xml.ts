/** XML changelogs. No entity but XML's own five is known, and nothing outside of the file is ever read. */
import { ProblemError } from '../../../shared/problem.ts';
import type { ChangeNode } from './node.ts';
import { malformed, tooDeep, treeLimits } from './parsing.ts';

interface OpenNode {
  name: string;
  line: number;
  text: string;
  children: ChangeNode[];
}

/** @throws {ProblemError} `source.invalidMetadata` with the place */
export async function parseXml(text: string, path: string): Promise<ChangeNode> {
  // Loaded when it is needed: most projects have no such file.
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser({ xmlns: false, position: true });
  const root: OpenNode = { name: '', line: 1, text: '', children: [] };
  const open = [root];
  let startLine = 1;
  parser.on('error', (error) => {
    // Its own words begin with the place.
    const what = error.message.replace(/^(?:.*?:)?\d+:\d+: /, '').replace(/\.$/, '');
    throw new ProblemError(malformed(path, 'XML', what, { line: parser.line, column: Math.max(parser.column, 1) }));
  });
  parser.on('opentagstart', () => {
    startLine = parser.line;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length > treeLimits.depth) throw new ProblemError(tooDeep(path, parser.line));
    const children = Object.entries(attributes)
      .filter(([key]) => !/^xmlns(?::|$)|^xsi:/.test(key))
      .map(([key, value]): ChangeNode => ({ name: withoutPrefix(key), value, children: [], line: startLine }));
    open.push({ name: withoutPrefix(name), line: startLine, text: '', children });
  });
  const append = (more: string) => {
    const last = open.at(-1);
    if (last !== undefined) last.text += more;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => {
    const { name, line, text: content, children } = open.pop() ?? root;
    const value = content.trim();
    open.at(-1)?.children.push({ name, line, value: value === '' ? null : value, children });
  });
  parser.write(text).close();
  const [changelog] = root.children;
  if (changelog !== undefined) return changelog;
  throw new ProblemError(malformed(path, 'XML', 'it has no element', { line: 1, column: 1 }));
}

const withoutPrefix = (name: string): string => name.slice(name.indexOf(':') + 1);
