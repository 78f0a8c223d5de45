/** Brings a file to the backend piece by piece, and shows what it is; what goes on is told on the page of bundles. */
import { create } from 'zustand';
import { bundleEnding, isBundlePath } from '../../../shared/model/bundle.ts';
import type { Problem } from '../../../shared/problem.ts';
import { backend } from '../../connection.ts';
import { pickFile } from '../../pickFile.ts';
import { toProblem } from '../../problem.ts';
import { replaceRoute } from '../../useRoute.ts';
import { bundleTexts as texts } from './texts.ts';

interface Bringing {
  /** The file on its way; null: none. */
  readonly name: string | null;
  readonly problem: Problem | null;
}

export const useBringing = create<Bringing>(() => ({ name: null, problem: null }));

/** Bytes of one piece: as base64 it fits into a request. */
const pieceBytes = 512 * 1024;

export async function bringFile(file: File): Promise<void> {
  window.location.hash = '#/bundles';
  if (!isBundlePath(file.name)) {
    useBringing.setState({ name: null, problem: noBundle(file.name) });
    return;
  }
  await opening(file.name, async () => {
    const upload = crypto.randomUUID();
    for (let offset = 0; offset === 0 || offset < file.size; offset += pieceBytes) {
      const piece = new Uint8Array(await file.slice(offset, offset + pieceBytes).arrayBuffer());
      await backend().bundles.part({ upload, offset, base64: base64Of(piece) });
    }
    return backend().bundles.open({ name: file.name, upload });
  });
}

/** A file of the computer that Lockkeeper runs on: by double-click, or dropped on its icon. */
export const openPath = (path: string): Promise<void> => opening(path, () => backend().bundles.open({ path }));

async function opening(name: string, open: () => Promise<{ readonly digest: string }>): Promise<void> {
  if (useBringing.getState().name !== null) return;
  useBringing.setState({ name, problem: null });
  try {
    const { digest } = await open();
    useBringing.setState({ name: null });
    replaceRoute({ screen: 'bundles', digest });
  } catch (thrown) {
    useBringing.setState({ name: null, problem: toProblem(thrown) });
  }
}

const base64Of = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

const noBundle = (name: string): Problem => ({
  code: 'usage.invalid',
  message: texts.notABundle(name),
  state: 'Nothing was changed.',
  hint: `Choose a file that ends in ${bundleEnding}.`,
});

export const pickBundle = (): void => pickFile(bundleEnding, bringFile);
