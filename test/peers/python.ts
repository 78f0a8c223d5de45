// Debian's own Python, which has its packages, whatever other one is found first.
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

export const python = '/usr/bin/python3';

/** Gives the project an environment that is Debian's Python. */
export async function withEnvironment(project: string): Promise<void> {
  await mkdir(join(project, '.venv/bin'), { recursive: true });
  await symlink(python, join(project, '.venv/bin/python'));
}
