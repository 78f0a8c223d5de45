/** What XML, YAML and JSON changelogs have in common: names with a text or with further nodes, as Liquibase's ParsedNode. */

export interface ChangeNode {
  readonly name: string;
  /** Attributes, text and plain values are all text; null: there is none. */
  readonly value: string | null;
  readonly children: readonly ChangeNode[];
  /** 1-based, in the changelog's file. */
  readonly line: number;
  /** Present where the text depends on how Java writes such a value, so that its checksum cannot be told. */
  readonly unsure?: true;
}

export const childOf = (node: ChangeNode, name: string): ChangeNode | null =>
  node.children.find((child) => child.name === name) ?? null;

export const childrenOf = (node: ChangeNode, name: string): ChangeNode[] =>
  node.children.filter((child) => child.name === name);

/** The text of a child; null when there is no such child, or it has none. */
export const textIn = (node: ChangeNode, name: string): string | null => childOf(node, name)?.value ?? null;

/** As Java's Boolean.parseBoolean; null when it is not given. */
export function booleanIn(node: ChangeNode, name: string): boolean | null {
  const text = textIn(node, name);
  return text === null ? null : text.toLowerCase() === 'true';
}

/** The same tree with every text replaced. */
export function mapText(node: ChangeNode, replace: (text: string) => string): ChangeNode {
  const value = node.value === null ? null : replace(node.value);
  return { ...node, value, children: node.children.map((child) => mapText(child, replace)) };
}

export const isUnsure = (node: ChangeNode): boolean => node.unsure === true || node.children.some(isUnsure);
