/** Most folders hold no program: what runs one is loaded with the first of them. */
import type { ProgramRunner } from '../../engine/ports.ts';

/** `root`: absolute path of the source's folder. */
export function programRunner(root: string): ProgramRunner {
  let loaded: Promise<ProgramRunner> | null = null;
  const runner = () => {
    loaded ??= import('./programRunner.ts').then(({ createProgramRunner }) => createProgramRunner(root));
    return loaded;
  };
  return {
    preview: async (script) => (await runner()).preview(script),
    run: async (script, lent, signal) => (await runner()).run(script, lent, signal),
    appliedElsewhere: async (script, signal) => (await runner()).appliedElsewhere(script, signal),
  };
}
