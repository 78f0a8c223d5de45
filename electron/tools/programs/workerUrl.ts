/** The entry file of the process that a program runs in: TypeScript in a folder of its own, or its own bundle. */
export const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './child/worker.ts' : './program-worker.js',
  import.meta.url,
);

/** The program that runs it: this one, unless LOCKKEEPER_NODE names a Node program, as for a packaged desktop application. */
export const workerProgram = (): string => process.env['LOCKKEEPER_NODE'] ?? process.execPath;
