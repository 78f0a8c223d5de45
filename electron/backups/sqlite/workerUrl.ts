/** The backup worker's entry file: TypeScript beside this file, or its own bundle. */
export const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './sqlite-backup-worker.js',
  import.meta.url,
);
