/**
 * The file itself: a ZIP archive with exactly one form, so that the same entries are always the same bytes. What a reader
 * of ZIP files finds in it is written anew and compared with the whole file: nothing can be before, between or behind
 * the entries, and no second reader can find others.
 */
import { promisify } from 'node:util';
import { crc32, type InflateRaw, inflateRaw, type ZlibOptions } from 'node:zlib';
import { Deflate } from 'fflate';
import { type Entry, fromBufferPromise } from 'yauzl';
import { damaged, quoted, reading, unsafe, utf8 } from './faults.ts';
import { collision, nameFault } from './names.ts';

export interface ContainerEntry {
  readonly name: string;
  readonly content: Buffer;
}

export const containerLimits = {
  /** Bytes of the whole file. */
  file: 256 * 2 ** 20,
  entries: 20_000,
  /** Bytes of one entry. */
  entry: 256 * 2 ** 20,
  /** Bytes of all entries together. */
  total: 512 * 2 ** 20,
  /** Times that an entry may be larger than what it is packed into. */
  ratio: 200,
} as const;

/** An entry as it lies in the file. */
interface Packed {
  readonly name: string;
  readonly method: 0 | 8;
  readonly crc: number;
  readonly size: number;
  readonly data: Buffer;
}

const stored = 0;
const deflated = 8;
/** Noon of the first day that the format knows. */
const time = 0x6000;
const date = 0x0021;
/** Names are UTF-8. */
const flags = 0x0800;
const neededVersion = 20;

/** Bytes that are packed before other work gets its turn. */
const slice = 256 * 1024;

/** @throws {ProblemError} `bundle.unsafe` when a reader would refuse it */
export async function writeContainer(entries: readonly ContainerEntry[]): Promise<Buffer> {
  checkNames(entries.map(({ name }) => name));
  const packed: Packed[] = [];
  for (const { name, content } of entries) packed.push(await pack(name, content));
  checkSizes(packed);
  const bytes = layOut(packed);
  return bytes.length > containerLimits.file ? unsafe(tooLarge) : bytes;
}

async function pack(name: string, content: Buffer): Promise<Packed> {
  const small = await deflate(content);
  const fits = small.length < content.length && content.length <= small.length * containerLimits.ratio;
  const base = { name, crc: crc32(content), size: content.length };
  return fits ? { ...base, method: deflated, data: small } : { ...base, method: stored, data: content };
}

/** Node's own differs between processors; this one gives the same bytes everywhere. */
async function deflate(content: Buffer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const stream = new Deflate({ level: 9 }, (chunk) => {
    chunks.push(chunk);
  });
  for (let at = 0; at === 0 || at < content.length; at += slice) {
    stream.push(content.subarray(at, at + slice), at + slice >= content.length);
    await new Promise(setImmediate);
  }
  return Buffer.concat(chunks);
}

/** @throws {ProblemError} `bundle.damaged`, `bundle.unsafe` */
export const readContainer = (file: Buffer): Promise<ContainerEntry[]> => reading(() => entriesOf(file));

async function entriesOf(file: Buffer): Promise<ContainerEntry[]> {
  if (file.length > containerLimits.file) unsafe(tooLarge);
  const packed = await readPacked(file);
  checkNames(packed.map(({ name }) => name));
  checkSizes(packed);
  if (!layOut(packed).equals(file)) damaged('something lies before, between or behind its entries, or is told twice');
  const entries: ContainerEntry[] = [];
  for (const one of packed) entries.push({ name: one.name, content: await unpack(one) });
  return entries;
}

const tooLarge = `it is larger than ${containerLimits.file / 2 ** 20} MiB`;
const localHeader = 30;
const endRecord = 22;

async function readPacked(file: Buffer): Promise<Packed[]> {
  if (file.length < endRecord || file.readUInt32LE(0) !== 0x04034b50) damaged('it does not begin as one');
  const end = file.length - endRecord;
  // Anywhere else there would be a comment or something behind it.
  if (file.readUInt32LE(end) !== 0x06054b50) damaged('its end is missing, or something lies behind it');
  if (file.readUInt16LE(end + 10) > containerLimits.entries) unsafe('it has too many entries');
  const zip = await fromBufferPromise(file, { lazyEntries: true, decodeStrings: false, validateEntrySizes: false });
  const packed: Packed[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = utf8(entry.fileNameRaw);
    checkEntry(entry, quoted(name));
    const start = entry.relativeOffsetOfLocalHeader + localHeader + entry.fileNameLength;
    packed.push({
      name,
      method: entry.compressionMethod === stored ? stored : deflated,
      crc: entry.crc32,
      size: entry.uncompressedSize,
      data: file.subarray(start, start + entry.compressedSize),
    });
    if (packed.length > containerLimits.entries) unsafe('it has too many entries');
  }
  return packed;
}

/** What is fixed in ours; the comparison of the bytes would find it, too, but not say what it is. */
function checkEntry(entry: Entry, name: string): void {
  if (entry.isEncrypted()) unsafe(`${name} is encrypted`);
  if (entry.externalFileAttributes >>> 16 !== 0) unsafe(`${name} is a link or has rights of its own`);
  if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated)
    unsafe(`${name} is packed in a way that is not taken`);
  if (entry.extraFieldLength !== 0 || entry.fileCommentLength !== 0) unsafe(`${name} says more than its content`);
}

function checkNames(names: readonly string[]): void {
  if (names.length > containerLimits.entries) unsafe('it has too many entries');
  for (const name of names) {
    const fault = nameFault(name);
    if (fault !== null) unsafe(`the name ${quoted(name)} ${fault}`);
  }
  const pair = collision(names);
  if (pair !== null) unsafe(`${quoted(pair[0])} and ${quoted(pair[1])} are one place on some computers`);
}

function checkSizes(packed: readonly Packed[]): void {
  let total = 0;
  for (const { name, size, data } of packed) {
    total += size;
    if (size > containerLimits.entry || total > containerLimits.total) unsafe('its entries are too large');
    if (size > data.length * containerLimits.ratio) unsafe(`${quoted(name)} would grow too much when unpacked`);
  }
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: InflateRaw;
}

const inflate = promisify(
  (data: Buffer, options: ZlibOptions, done: (error: Error | null, result: Inflated) => void): void =>
    // With `info` the result is not the buffer alone, which the types do not say.
    inflateRaw(data, options, (error, result) => done(error, result as unknown as Inflated)),
);

async function unpack({ name, method, data, size, crc }: Packed): Promise<Buffer> {
  const content = method === stored ? data : await inflated(name, data, size);
  if (content.length !== size || crc32(content) !== crc) damaged(`${quoted(name)} is not what was packed`);
  return content;
}

async function inflated(name: string, data: Buffer, size: number): Promise<Buffer> {
  const { buffer, engine } = await inflate(data, { maxOutputLength: Math.max(size, 1), info: true }).catch((thrown) =>
    damaged(`${quoted(name)} cannot be unpacked`, thrown),
  );
  return engine.bytesWritten === data.length ? buffer : damaged(`something lies behind ${quoted(name)}`);
}

/** The one form. */
function layOut(packed: readonly Packed[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const one of packed) {
    const name = Buffer.from(one.name);
    const common = commonFields(one, name.length);
    const local = Buffer.concat([signature(0x04034b50), common, name]);
    parts.push(local, one.data);
    directory.push(
      Buffer.concat([signature(0x02014b50), word(neededVersion), common, Buffer.alloc(10), long(offset), name]),
    );
    offset += local.length + one.data.length;
  }
  const central = Buffer.concat(directory);
  const count = word(packed.length);
  const end = [signature(0x06054b50), long(0), count, count, long(central.length), long(offset), word(0)];
  return Buffer.concat([...parts, central, ...end]);
}

const commonFields = ({ method, crc, size, data }: Packed, nameLength: number): Buffer =>
  Buffer.concat([
    ...[word(neededVersion), word(flags), word(method), word(time), word(date)],
    ...[long(crc), long(data.length), long(size), word(nameLength), word(0)],
  ]);

function word(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const signature = long;
