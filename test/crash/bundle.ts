// Bundles the program that is killed, so that it starts in well under 0.1 s.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = (path: string): string => `${root}/${path}`;

/** Programs and files of these are found beside them. */
const besides = ['electron', 'better-sqlite3', '@github/keytar', 'libpg-query', 'pg-native', 'cpu-features'];

/** @returns the program's path; `folder` is emptied */
export async function bundleClient(folder: string): Promise<string> {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: besides },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: {
          client: source('test/crash/client.ts'),
          'sqlite-worker': source('electron/databases/sqlite/worker.ts'),
          'sqlite-backup-worker': source('electron/backups/sqlite/worker.ts'),
          'program-worker': source('electron/tools/programs/child/worker.ts'),
          'keychain-worker': source('electron/credentials/keychainWorker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
      },
    },
  });
  return `${folder}/client.js`;
}
