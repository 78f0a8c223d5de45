/** Whatever is done to the audit log at whatever place is found. */
import { describe, expect, it } from 'vitest';
import { checkChain, entryHash, formatHead, parseHead, type StoredEntry } from '../../electron/engine/auditChain.ts';

const length = 12;
const log: readonly StoredEntry[] = build(length);
const places = log.map((_, index) => index);
const head = { entry: length, hash: log.at(-1)?.hash ?? '' };
const witnesses = [{ head, witness: 'A receipt' }];
const check = (entries: readonly StoredEntry[]) => checkChain(entries, witnesses);

function build(count: number): StoredEntry[] {
  const entries: StoredEntry[] = [];
  for (let id = 1; id <= count; id += 1) {
    const facts = {
      at: `2026-11-20T10:00:${String(id).padStart(2, '0')}.000Z`,
      actor: 'dba',
      action: id % 2 === 0 ? 'up' : 'run ended',
      environment: id % 3 === 0 ? null : 'shop',
      run: id % 4 === 0 ? null : `run ${id}`,
      detail: JSON.stringify({ id, reason: 'a “reason”\nof two lines' }),
    };
    entries.push({ id, ...facts, hash: entryHash(entries.at(-1)?.hash ?? '', facts) });
  }
  return entries;
}

/** With hashes that fit again, as somebody makes them who knows how. */
function chained(entries: readonly StoredEntry[]): StoredEntry[] {
  let previous = '';
  return entries.map((entry) => {
    previous = entryHash(previous, entry);
    return { ...entry, hash: previous };
  });
}

const without = (index: number): StoredEntry[] => log.filter((_, at) => at !== index);
const exchanged = (index: number): StoredEntry[] =>
  log.map((entry, at) => ({
    ...(log[at === index ? index + 1 : at === index + 1 ? index : at] ?? entry),
    id: entry.id,
  }));

describe('a log as it was written', () => {
  it('has no finding, also when it went on after its head was told', () => {
    expect(check(log)).toEqual([]);
    expect(checkChain(build(length + 3), witnesses)).toEqual([]);
    expect(checkChain([], [])).toEqual([]);
  });
});

describe.each(places)('at place %i', (index) => {
  it.each(['at', 'actor', 'action', 'environment', 'run', 'detail', 'hash'] as const)(
    'a changed %s is found',
    (field) => {
      const changed = log.map((entry, at) => (at === index ? { ...entry, [field]: `${entry[field]}!` } : entry));
      expect(check(changed)[0]).toMatchObject({ kind: 'broken', entry: index + 1 });
    },
  );

  it('a removed entry is found', () => {
    const kind = index === length - 1 ? 'cutOff' : 'broken';
    expect(check(without(index))).toContainEqual(expect.objectContaining({ kind }));
  });

  it('a removed entry is found though all hashes fit again', () => {
    const kind = index === length - 1 ? 'cutOff' : 'rewritten';
    expect(check(chained(without(index)))).toContainEqual(expect.objectContaining({ kind, entry: length }));
  });

  it('a cut is found', () => {
    expect(check(log.slice(0, index))).toEqual([expect.objectContaining({ kind: 'cutOff', entry: length })]);
  });

  it('a beginning that is missing is found', () => {
    expect(check(log.slice(index + 1)).length).toBeGreaterThan(0);
  });

  it('an entry put in between is found', () => {
    const forged = { ...(log[index] as StoredEntry), actor: 'somebody else' };
    const entries = [...log.slice(0, index), forged, ...log.slice(index)];
    expect(check(entries)[0]).toMatchObject({ kind: 'broken' });
    expect(check(chained(entries)).length).toBeGreaterThan(0);
  });

  it.skipIf(index === length - 1)('it and the next exchanged are found', () => {
    expect(check(exchanged(index))[0]).toMatchObject({ kind: 'broken', entry: index + 1 });
  });

  it('the whole from there on written anew is found by who has seen its head', () => {
    const rewritten = chained(log.map((entry, at) => (at === index ? { ...entry, actor: 'somebody else' } : entry)));
    expect(check(rewritten)).toEqual([expect.objectContaining({ kind: 'rewritten', entry: length })]);
  });
});

it('a head is read as it was written, and nothing else is one', () => {
  const told = { workspace: '123', ...head };
  expect(parseHead(formatHead(told))).toEqual(told);
  for (const text of ['', '123 4', `123 4 ${'x'.repeat(64)}`, `123 -4 ${head.hash}`, `${formatHead(told)} more`])
    expect(parseHead(text)).toBeNull();
});
