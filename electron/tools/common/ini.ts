/** Settings in sections, as Git (`[engine "pg"]`) and Python (`[alembic]`) write them; nothing in them is looked up. */

/** By section (`engine.pg`, `alembic`; names in lower case, what is in quotes as written), then by key in lower case. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

export function parseIni(text: string): Sections {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let last = '';
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const [, name, quoted] = /^\s*\[\s*([^\]"\s]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line) ?? [];
    if (name !== undefined) {
      const key = quoted === undefined ? name.toLowerCase() : `${name.toLowerCase()}.${quoted.replace(/\\(.)/g, '$1')}`;
      section = sections.get(key) ?? new Map<string, string>();
      sections.set(key, section);
      last = '';
      continue;
    }
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const [, key, value] = /^\s*([^=:\s]+(?:[ \t]+[^=:\s]+)*)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    const continues = /^\s/.test(line) && last !== '' && (key === undefined || !/^\s*[\w-]+\s*=/.test(line));
    if (continues) section.set(last, `${section.get(last) ?? ''}\n${line.trim()}`);
    else if (key !== undefined) {
      last = key.toLowerCase();
      section.set(last, writtenValue(value ?? ''));
    }
  }
  return sections;
}

/** Without the comment after it and the quotes around it. */
function writtenValue(text: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text.trim())?.[1];
  return quoted === undefined ? text.replace(/\s[#;].*$/, '').trim() : quoted.replace(/\\(.)/g, '$1');
}
