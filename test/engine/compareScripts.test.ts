import { describe, expect, it } from 'vitest';
import { driverFor } from '../../electron/databases/registry.ts';
import { compareScripts } from '../../electron/engine/compareScripts.ts';

const { sql } = driverFor('postgres');
const script =
  "create table a (id int);\n-- fill it\ninsert into a values (1), (2); -- 'two'\nselect '--no comment';\n";

describe('how a script differs', () => {
  it.each([
    ['not at all', script, 'same'],
    ['in line ends', script.replaceAll('\n', '\r\n'), 'lineEndings'],
    ['in its last line end and a byte-order mark', `\uFEFF${script.trimEnd()}`, 'lineEndings'],
    ['in a comment', script.replace('fill it', 'fill the table'), 'comments'],
    ['in a block comment and white space', `/* new */\n${script.replace('(1), (2)', '(1),\n  (2)')}`, 'comments'],
    ['in a comment taken out', script.replace('-- fill it\n', ''), 'comments'],
    ['in a value', script.replace('(2)', '(3)'), 'sql'],
    ['in what only looks like a comment', script.replace("'--no comment'", "'--a comment'"), 'sql'],
    ['in white space inside quotes', script.replace("'--no comment'", "'--no  comment'"), 'sql'],
    ['in a statement more', `${script}drop table a;\n`, 'sql'],
    ['in being no script any more', `${script}select 'open`, 'sql'],
  ])('%s', (_, other, kind) => {
    expect(compareScripts(script, other, sql)).toBe(kind);
  });

  it('in the rows of a COPY is a difference in what it does', () => {
    const copy = 'copy a from stdin;\n1\n2 -- two\n\\.\n';
    expect(compareScripts(copy, copy.replace('-- two', '-- three'), sql)).toBe('sql');
  });
});
