/** Names with values, as they stand in connection strings, settings files and program text. */

type Pair = readonly [name: string, value: string];

/** ADO.NET and ODBC: `Name=value;Name="va;lue";Driver={A driver}`. */
export function semicolonPairs(text: string): Pair[] {
  const form = /\s*([^=;]+?)\s*=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|\{((?:[^}]|\}\})*)\}|([^;]*))\s*(?:;|$)/gy;
  return [...text.matchAll(form)].map(([, name = '', double, single, braced, plain = '']) => [
    name,
    double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? braced?.replaceAll('}}', '}') ?? plain.trim(),
  ]);
}

/** Objects of JavaScript, Python, PHP and Ruby, YAML, INI and .env: `name: value`, `'name' => 'value'`, `name = value`. */
export function settingPairs(text: string): Pair[] {
  const form =
    /(?<![\w.])["']?([A-Za-z][\w-]*)["']?\s*(?:=>|[:=])\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|([^\s,;{}[\]"'][^\s,;{}[\]]*))/g;
  return [...text.matchAll(form)].map(([, name = '', double, single, plain = '']) => [
    name,
    (double ?? single)?.replace(/\\(.)/g, '$1') ?? plain,
  ]);
}

/** The same pairs without the word that all of a database begin with, as in `DB_HOST` or `PGHOST`. */
export const withoutPrefix = (pairs: readonly Pair[]): Pair[] =>
  pairs.map(([name, value]) => [
    name.replace(/^(?:(?:DB|DATABASE|POSTGRES(?:QL)?|MYSQL|MARIADB|PG)_|PG(?=[A-Z]))/, ''),
    value,
  ]);
