/** Hostile containers: each is refused with a Problem that says why, and nothing is read of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContainerEntry, readContainer, writeContainer } from '../../../electron/services/bundles/container.ts';
import { ProblemError } from '../../../shared/problem.ts';
import { type RawEntry, rawZip } from './make.ts';

const text = Buffer.from('select 1;\n');
const good: RawEntry = { name: 'files/1.sql', content: text };

async function refusalOf(file: Buffer): Promise<string> {
  try {
    await readContainer(file);
    return 'taken';
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown.problem.code;
    throw thrown;
  }
}

const isSame = (left: readonly ContainerEntry[], right: readonly ContainerEntry[]): boolean =>
  left.length === right.length &&
  left.every(({ name, content }, index) => name === right[index]?.name && content.equals(right[index].content));

describe('what is written', () => {
  it('is read back, and is the same bytes each time', async () => {
    const entries = [
      { name: 'manifest.json', content: Buffer.from('{}') },
      { name: 'files/größe/1.sql', content: Buffer.alloc(700_000, 'insert into t values (1);\n') },
      { name: 'files/empty.sql', content: Buffer.alloc(0) },
      { name: 'files/random', content: Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251)) },
    ];
    const file = await writeContainer(entries);
    expect(isSame(await readContainer(file), entries)).toBe(true);
    expect((await writeContainer(entries)).equals(file)).toBe(true);
    expect(rawZip([good]).equals(await writeContainer([{ name: good.name as string, content: text }]))).toBe(true);
  });

  it('what would grow beyond the limit when unpacked is stored as it is', async () => {
    const entries = [{ name: 'files/1.sql', content: Buffer.alloc(2_000_000, 'a') }];
    expect(isSame(await readContainer(await writeContainer(entries)), entries)).toBe(true);
  });
});

describe('hostile entries', () => {
  const names: readonly (readonly [string, string])[] = [
    ['leaves its folder', '../evil.sql'],
    ['leaves its folder inside', 'files/../../evil.sql'],
    ['is absolute', '/etc/passwd'],
    ['has a drive letter', 'C:/evil.sql'],
    ['has a drive letter without a slash', 'C:evil.sql'],
    ['has backslashes', 'files\\..\\evil.sql'],
    ['holds NUL', 'files/1.sql\u0000.txt'],
    ['holds an escape', 'files/\u001b[2J.sql'],
    ['holds a line break', 'files/1\n.sql'],
    ['turns the direction of text', 'files/\u202elqs.1'],
    ['is empty', ''],
    ['is a folder', 'files/'],
    ['has an empty part', 'files//1.sql'],
    ['is a dot', 'files/./1.sql'],
    ['is a device', 'files/NUL'],
    ['is a device with an ending', 'files/com1.sql'],
    ['is a device in a folder', 'aux/1.sql'],
    ['ends with a dot', 'files/1.sql.'],
    ['ends with a space', 'files/1.sql '],
    ['is another stream', 'files/1.sql:hidden'],
    ['is not composed', 'files/gro\u0308\u00dfe.sql'],
    ['is too long', `files/${'a'.repeat(300)}`],
    ['lies too deep', `${'a/'.repeat(20)}1.sql`],
  ];
  it.each(names)('a name that %s', async (_, name) => {
    expect(await refusalOf(rawZip([{ ...good, name }]))).toMatch(/^bundle\.(?:unsafe|damaged)$/);
    await expect(writeContainer([{ name, content: text }])).rejects.toThrow(ProblemError);
  });

  const pairs: readonly (readonly [string, string, string])[] = [
    ['the same', 'files/1.sql', 'files/1.sql'],
    ['the same but for case', 'files/a.sql', 'files/A.SQL'],
    ['the same after normalisation', 'files/\ufb01.sql', 'files/fi.sql'],
    ['the same letter, written in two ways', 'files/\u212a.sql', 'files/k.sql'],
    ['a file and a folder', 'files/a', 'files/a/1.sql'],
    ['a file and a folder but for case', 'files/A', 'files/a/1.sql'],
    ['two folders but for case', 'files/a/1.sql', 'files/A/2.sql'],
  ];
  it.each(pairs)('two names that are %s', async (_, one, other) => {
    expect(
      await refusalOf(
        rawZip([
          { ...good, name: one },
          { ...good, name: other },
        ]),
      ),
    ).toBe('bundle.unsafe');
  });

  const bomb = Buffer.alloc(3_000_000);
  const entries: readonly (readonly [string, RawEntry])[] = [
    ['is a link', { ...good, attributes: 0o120777 * 65536 }],
    ['has rights', { ...good, attributes: 0o100755 * 65536 }],
    ['is hidden by its attributes', { ...good, attributes: 2 }],
    ['is encrypted', { ...good, flags: 0x0801 }],
    ['is strongly encrypted', { ...good, flags: 0x0841 }],
    ['tells its sizes behind it', { ...good, flags: 0x0808 }],
    ['is packed otherwise', { ...good, method: 12 }],
    ['grows too much', { name: 'files/1.sql', content: bomb, method: 8 }],
    ['says it is smaller than it is', { name: 'files/1.sql', content: bomb, method: 8, size: 100_000 }],
    ['says it is larger than it is', { ...good, method: 8, size: 1000 }],
    ['is larger than anything', { ...good, method: 8, size: 0xfffffff0 }],
    ['has the sizes of a larger format', { ...good, size: 0xffffffff, packedSize: 0xffffffff, extra: zip64() }],
    ['has something behind what is packed', { ...good, method: 8, packed: Buffer.concat([deflated(), text]) }],
    ['has another check sum', { ...good, crc: 1 }],
    ['is called otherwise in its own header', { ...good, localName: 'files/2.sql' }],
    ['has an extra field', { ...good, extra: Buffer.from([0x55, 0x54, 1, 0, 0]) }],
    ['has a second name in a field', { ...good, extra: unicodePath('files/2.sql') }],
    ['is not UTF-8', { ...good, name: Buffer.from([0x66, 0xff, 0xfe]) }],
  ];
  it.each(entries)('one that %s', async (_, entry) => {
    expect(await refusalOf(rawZip([entry]))).toMatch(/^bundle\.(?:unsafe|damaged)$/);
  });

  it('too many of them', async () => {
    const many = Array.from({ length: 20_001 }, (_, index) => ({ name: `files/${index}`, content: Buffer.alloc(0) }));
    expect(await refusalOf(rawZip(many))).toBe('bundle.unsafe');
  }, 60_000);

  it('all together too large', async () => {
    const packed = deflated();
    const large = [1, 2, 3].map((one) => ({ ...good, name: `files/${one}`, method: 8, packed, size: 250 * 2 ** 20 }));
    expect(await refusalOf(rawZip(large))).toBe('bundle.unsafe');
  });
});

describe('something around the entries', () => {
  it.each([
    ['before', { before: 'MZ' }],
    ['behind', { after: 'x' }],
    ['as a comment', { comment: 'read me' }],
  ])('%s', async (_, around) => {
    expect(await refusalOf(rawZip([good], around))).toBe('bundle.damaged');
  });

  it('between two entries, and an end that is told twice', async () => {
    const file = rawZip([good, { ...good, name: 'files/2.sql' }]);
    const end = file.subarray(-22);
    expect(await refusalOf(Buffer.concat([file, end]))).toBe('bundle.damaged');
    expect(await refusalOf(Buffer.concat([file.subarray(0, 45), text, file.subarray(45)]))).toMatch(/^bundle\./);
  });

  it('none at all, or no ZIP file', async () => {
    for (const file of [Buffer.alloc(0), Buffer.from('PK'), Buffer.alloc(100), Buffer.from('<html>'), rawZip([])])
      expect(await refusalOf(file)).toBe('bundle.damaged');
  });
});

it('whatever the bytes, the answer is entries or a Problem', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      const around = Buffer.concat([rawZip([good]).subarray(0, 30), bytes, rawZip([good]).subarray(-22)]);
      expect(await refusalOf(around)).toMatch(/^bundle\./);
    }),
    { numRuns: 300 },
  );
});

function deflated(): Buffer {
  return rawZip([{ ...good, method: 8 }]).subarray(41, 41 + 12);
}

function zip64(): Buffer {
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(BigInt(text.length), 4);
  extra.writeBigUInt64LE(BigInt(text.length), 12);
  return extra;
}

function unicodePath(name: string): Buffer {
  const bytes = Buffer.from(name);
  const extra = Buffer.alloc(9 + bytes.length);
  extra.writeUInt16LE(0x7075, 0);
  extra.writeUInt16LE(5 + bytes.length, 2);
  extra.writeUInt8(1, 4);
  bytes.copy(extra, 9);
  return extra;
}
