import { expect, test } from 'vitest';
import { historyCsv } from '../../shared/model/historyDocument.ts';
import type { HistoryLine } from '../../shared/model/run.ts';

const line: HistoryLine = {
  at: '2026-11-20T10:00:00.000Z',
  environment: 'shop',
  actor: 'ada',
  action: 'apply',
  version: '1',
  outcome: 'succeeded',
  durationMs: -1,
  run: 'r1',
  reason: null,
};

/** Cells of one line as a spreadsheet reads them. */
const cells = (csv: string): string[] =>
  [...csv.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    (quoted ?? bare ?? '').replaceAll('""', '"'),
  );

test.each(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])(
  'text that begins with %j is no formula, in any column',
  (sign) => {
    const text = `${sign}cmd|'/C calc'!A1,"x"`;
    for (const field of ['environment', 'actor', 'action', 'version', 'outcome', 'run', 'reason'] as const) {
      const [, ...rest] = historyCsv([{ ...line, [field]: text }]).split('\r\n');
      const row = cells(rest.join('\r\n'));
      expect(row).toHaveLength(9);
      expect(row).toContain(`'${text}`);
      expect(row.filter((cell) => /^[=+@\t\r\n＝＋－＠]/.test(cell))).toEqual([]);
    }
  },
);

test('a number stays one', () => {
  expect(historyCsv([line])).toContain(',-1,');
});
