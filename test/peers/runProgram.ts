// Runs an original program and gives what it wrote.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Surroundings {
  readonly cwd: string;
  /** All of it: nothing of the caller's own environment reaches the program. */
  readonly env: NodeJS.ProcessEnv;
}

/** @throws with all that it wrote when it ends otherwise than with 0. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env }: Surroundings,
): Promise<string> {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const [code, signal] = await once(child, 'close');
  if (code === 0) return output;
  throw new Error(`${program} ${args[0] ?? ''} ended with ${code ?? signal}:\n${output}`);
}
