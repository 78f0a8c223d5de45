// Project folders as their programs want them.
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestEngine } from '../services/backend.ts';

/** The name of the engine's own sample tree in `migrations-samples/<tool>`. */
export const sampleOf = (engine: TestEngine): string =>
  ({ postgres15: 'postgres', postgres18: 'postgres', mariadb: 'mysql', sqlite: 'sqlite' })[engine];

/** While `work` goes on, these files or folders of `folder` are not there: for programs that always apply everything. */
export async function without(folder: string, names: readonly string[], work: () => Promise<unknown>): Promise<void> {
  const aside = `${folder}-aside`;
  await mkdir(aside, { recursive: true });
  for (const name of names) await rename(join(folder, name), join(aside, name));
  try {
    await work();
  } finally {
    for (const name of names) await rename(join(aside, name), join(folder, name));
  }
}

/** Path of a file database. */
export const fileOf = (url: string): string => url.replace(/^sqlite:/, '');
