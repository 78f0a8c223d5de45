/** A project in Python, and the commands of its own by which its migrations are run. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, ProgramFile, ProgramScript } from '../../../shared/model/migration.ts';
import { walkFolder } from '../common/folder.ts';

export interface PythonProject {
  /** Its code and settings: what is trusted, and compared before each command. */
  readonly files: readonly ProgramFile[];
  readonly digest: string;
}

/** Environments that hold other people's code, which is not the project's. */
const installed = /(?:^|\/)(?:venv|env|site-packages|__pycache__|node_modules)\//;

/** All Python files below `root`, and these. */
export async function pythonProject(root: string, further: readonly string[]): Promise<PythonProject> {
  const walked = await walkFolder(root);
  const paths = walked.files.filter((path) => path.endsWith('.py') && !installed.test(path));
  const files = [...new Set([...paths, ...further])].sort().map((path): ProgramFile => {
    const sha256 = createHash('sha256')
      .update(readFileSync(join(root, path)))
      .digest('hex');
    return { path, sha256, role: 'data' };
  });
  const digest = createHash('sha256').update(JSON.stringify(files.map(({ path, sha256 }) => [path, sha256])));
  return { files, digest: digest.digest('hex') };
}

export function commandScript(
  { files, digest }: PythonProject,
  place: { readonly path: string; readonly bytes: number; readonly direction: 'up' | 'down' },
  command: Command,
): ProgramScript {
  const all = createHash('sha256')
    .update(JSON.stringify([digest, place.path, place.direction, command]))
    .digest('hex');
  return {
    kind: 'program',
    ...place,
    line: 1,
    sha256: all,
    program: {
      digest: all,
      calledWith: 'handle',
      command,
      files,
      packages: [],
      links: {},
      before: [],
      library: null,
      libraryNames: [],
      engine: null,
    },
  };
}
