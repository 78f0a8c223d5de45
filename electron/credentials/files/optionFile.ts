/** Files of sections with `name = value`: MySQL's option files and libpq's connection services. */

export interface OptionGroup {
  readonly name: string;
  /** The last of a name counts; names in lower case with `-` for `_`. */
  readonly options: ReadonlyMap<string, string>;
}

/** dev.mysql.com/doc/refman/en/option-files.html; includes are not followed. */
export function readOptionGroups(text: string): OptionGroup[] {
  const groups: { name: string; options: Map<string, string> }[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';') || line.startsWith('!')) continue;
    const group = /^\[([^\]]*)\]/.exec(line)?.[1];
    if (group !== undefined) {
      groups.push({ name: group.trim(), options: new Map() });
      continue;
    }
    const [, name, value] = /^([^=]+?)\s*(?:=\s*(.*))?$/.exec(line) ?? [];
    if (name !== undefined) groups.at(-1)?.options.set(name.toLowerCase().replaceAll('_', '-'), unquoted(value ?? ''));
  }
  return groups;
}

/** A comment may follow a value; quotes keep what they hold, and backslashes escape. */
function unquoted(value: string): string {
  const quoted = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(value)?.[2];
  const plain = quoted ?? value.replace(/#.*$/, '').trimEnd();
  return plain.replace(/\\(.)/g, (_, character: string) => escapes[character] ?? `\\${character}`);
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  r: '\r',
  '\\': '\\',
  s: ' ',
  '"': '"',
  "'": "'",
};
