/** The entry file of the process that holds a SQLite connection: TypeScript beside this file, or its own bundle. */
export const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './sqlite-worker.js',
  import.meta.url,
);

/**
 * The program that runs it: this one, unless LOCKKEEPER_NODE names a Node program
 * (a packaged desktop application cannot run scripts itself).
 */
export const workerProgram = (): string => process.env['LOCKKEEPER_NODE'] ?? process.execPath;
