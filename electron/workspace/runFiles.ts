/** Names of the files kept of one run. */
import { join } from 'node:path';

/** Run ids come from outside, too; what is no id has no file. */
const idForm = /^[0-9A-Za-z_-]{1,64}$/;

export function runFile(directory: string, id: string, kind: 'events' | 'journal' | 'scripts'): string | null {
  if (!idForm.test(id)) return null;
  return join(directory, 'runs', kind === 'events' ? `${id}.jsonl` : `${id}.${kind}.jsonl`);
}
