/** Databases and migration folders as an admin finds them, in a temporary folder of one test. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const samples = join(import.meta.dirname, '..', '..', 'migrations-samples');

export interface Workplace extends AsyncDisposable {
  readonly folder: string;
  /** Copies one of the samples, e.g. `dbmate/sqlite`, and adds or (null) removes files; returns the new folder's path. */
  copySample(sample: string, name: string, changes?: Readonly<Record<string, string | null>>): Promise<string>;
  writeFolder(name: string, files: Readonly<Record<string, string>>): Promise<string>;
}

export async function makeWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-workplace-'));
  const write = async (name: string, files: Readonly<Record<string, string>>): Promise<string> => {
    const path = join(folder, name);
    await mkdir(path, { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
    return path;
  };
  return {
    folder,
    async copySample(sample, name, changes = {}) {
      const path = join(folder, name);
      await cp(join(samples, ...sample.split('/')), path, { recursive: true });
      for (const [file, text] of Object.entries(changes))
        await (text === null ? rm(join(path, file)) : writeFile(join(path, file), text));
      return path;
    },
    writeFolder: write,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
