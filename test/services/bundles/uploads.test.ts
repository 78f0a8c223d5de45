/** Pieces of bundles that were brought and broke off: they go, those that are on their way stay. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { afterOpening } from '../../../electron/services/atStart.ts';
import { bundlesFolder } from '../../../electron/services/bundles/bundleTarget.ts';
import { takePart } from '../../../electron/services/bundles/keptBundles.ts';
import { type TestBackend, testBackend } from '../backend.ts';

let test: TestBackend;
let folder: string;
beforeEach(async () => {
  test = await testBackend();
  folder = bundlesFolder(test.backend.context);
  return () => test[Symbol.asyncDispose]();
});

const piece = (upload: string, offset = 0) =>
  takePart(test.backend.context, { upload, offset, base64: Buffer.from('piece').toString('base64') });

/** As if its last byte had come two hours ago. */
async function age(name: string): Promise<void> {
  const before = new Date(Date.now() - 2 * 3_600_000);
  await utimes(path.join(folder, name), before, before);
}

/** Beside those, a bundle that is kept, its files, and what a crash left of writing others. */
async function leave(): Promise<void> {
  for (const upload of ['broken', 'going']) await piece(upload);
  await writeFile(path.join(folder, 'kept.lockbundle'), 'kept');
  await mkdir(path.join(folder, 'files'));
  await mkdir(path.join(folder, '.half'));
  await writeFile(path.join(folder, '.half', '1.sql'), 'half');
  for (const name of ['.upload-broken', 'kept.lockbundle', 'files', '.half']) await age(name);
}
const left = async () => (await readdir(folder)).toSorted();

it('when Lockkeeper opens', async () => {
  await leave();
  await afterOpening(test.backend.context, () => undefined);
  expect(await left()).toEqual(['.upload-going', 'files', 'kept.lockbundle']);
  await piece('going', 5);
  await expect(piece('broken', 5)).rejects.toThrow('a piece of it was lost');
});

it('when the next one begins, and not with each of its pieces', async () => {
  await leave();
  await piece('going', 5);
  expect(await left()).toEqual(['.half', '.upload-broken', '.upload-going', 'files', 'kept.lockbundle']);
  await piece('next');
  expect(await left()).toEqual(['.upload-going', '.upload-next', 'files', 'kept.lockbundle']);
});

it('also where there was never a bundle', async () => {
  await afterOpening(test.backend.context, () => undefined);
  await expect(readdir(folder)).rejects.toThrow('ENOENT');
});
