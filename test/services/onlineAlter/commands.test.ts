// The command lines, and what is read from the programs' output. gh-ost was not run: its words are its documentation's.
import { describe, expect, it } from 'vitest';
import { tableChange, triggerNames } from '../../../electron/databases/mysql/onlineAlter.ts';
import { ghOstArguments, progressIn, ptOscArguments } from '../../../electron/services/onlineAlter/commands.ts';

const limits = { foreignKeys: 'rebuild', pauseAbove: 20, stopAbove: 40, maxLagSeconds: 3, portionMs: 250 } as const;
const files = { options: '/run/options.cnf', empty: '/run/empty.conf', plugin: '/run/plugin.pm' };
const change = { table: 'orders', clauses: 'MODIFY amount BIGINT NOT NULL' };

/** The word behind an option. */
const behind = (words: readonly string[], option: string) => words[words.indexOf(option) + 1];

describe('what is handed over of a statement', () => {
  it.each([
    ['ALTER TABLE orders MODIFY amount BIGINT NOT NULL', change],
    [
      'alter table `orders`\n  modify amount BIGINT NOT NULL -- wider\n',
      { table: 'orders', clauses: 'modify amount BIGINT NOT NULL' },
    ],
    ['OPTIMIZE TABLE orders', { table: 'orders', clauses: 'FORCE' }],
    ['ALTER TABLE other.orders FORCE', null],
    ['CREATE INDEX i ON orders (amount)', null],
    ['INSERT INTO orders VALUES (1)', null],
  ])('%s', (statement, expected) => {
    expect(tableChange(statement)).toEqual(expected);
  });
});

describe('pt-online-schema-change', () => {
  it('gets its limits from the settings, the secret from a file, and tells nobody else', () => {
    const words = ptOscArguments('shop', change, limits, files, true);
    expect(words.slice(0, 2)).toEqual(['--config', files.empty]);
    expect(words).toContain('--no-version-check');
    expect(behind(words, '--max-load')).toBe('Threads_running=20');
    expect(behind(words, '--critical-load')).toBe('Threads_running=40');
    expect(behind(words, '--max-lag')).toBe('3s');
    expect(behind(words, '--chunk-time')).toBe('0.25');
    expect(behind(words, '--alter-foreign-keys-method')).toBe('rebuild_constraints');
    expect(words.at(-1)).toBe('F=/run/options.cnf,D=shop,t=orders');
    expect(words.join(' ')).not.toContain('password');
  });

  it('is told nothing of foreign keys where nothing refers to the table', () => {
    expect(ptOscArguments('shop', change, limits, files, false)).not.toContain('--alter-foreign-keys-method');
  });

  it('calls its triggers by names cut to what it cuts them to', () => {
    expect(triggerNames('shop', 'order-lines')).toEqual([
      'pt_osc_shop_order_lines_ins',
      'pt_osc_shop_order_lines_upd',
      'pt_osc_shop_order_lines_del',
    ]);
    expect(triggerNames('d'.repeat(40), 't'.repeat(40))[0]).toHaveLength(64);
  });
});

it('gh-ost gets the same limits', () => {
  const words = ghOstArguments('shop', change, limits, files, { host: '127.0.0.1', port: 3306 });
  expect(words).toEqual(
    expect.arrayContaining([
      '--conf=/run/options.cnf',
      '--database=shop',
      '--table=orders',
      '--alter=MODIFY amount BIGINT NOT NULL',
      '--max-load=Threads_running=20',
      '--critical-load=Threads_running=40',
      '--max-lag-millis=3000',
      '--execute',
    ]),
  );
});

it.each([
  ['Copying `shop`.`orders`:  45% 00:12 remain', 45],
  ['Copy: 729/10000 7.3%; Applied: 0; Backlog: 0/1000; Time: 2s(total)', 7],
  ['Copying approximately 20000 rows...', null],
  ['Creating triggers...', null],
])('progress in %s', (line, percent) => {
  expect(progressIn(line)).toBe(percent);
});
