import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type UserConfig } from 'vite';

/** The window's files: what Electron and the browser load. */
const renderer: UserConfig = {
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // The page's policy allows scripts from files only.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
};

const root = import.meta.dirname;
const dist = join(root, 'dist');
const entry = (path: string): string => join(root, 'electron', path);

/** Programs and files of these packages are found beside them. */
const besides = [
  'electron',
  'better-sqlite3',
  '@github/keytar',
  'libpg-query',
  'pg-native',
  'cpu-features',
  'dejavu-fonts-ttf',
];

/** What runs outside of the page: the window's main process, `npm start`, the command line and its workers. */
const node: UserConfig = {
  root,
  publicDir: false,
  ssr: { noExternal: true },
  build: { outDir: 'dist', emptyOutDir: false, target: 'node24', minify: false, reportCompressedSize: false },
  environments: {
    ssr: {
      resolve: {
        noExternal: true,
        external: besides,
      },
      build: {
        rolldownOptions: {
          input: {
            start: entry('start.ts'),
            cli: entry('cli/launcher.ts'),
            'sqlite-worker': entry('databases/sqlite/worker.ts'),
            'sqlite-backup-worker': entry('backups/sqlite/worker.ts'),
            'program-worker': entry('tools/programs/child/worker.ts'),
            'report-worker': entry('services/report/pdfWorker.ts'),
            'keychain-worker': entry('credentials/keychainWorker.ts'),
          },
          // All beside each other: a worker is found relative to whichever file asks for it.
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
        },
      },
      consumer: 'server',
    },
    // Shares no file with the others: it stays in the application's archive, whose integrity Electron checks.
    window: {
      consumer: 'server',
      resolve: { noExternal: true, external: besides },
      build: {
        ssr: true,
        rolldownOptions: {
          input: { main: entry('main.ts') },
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'window-[name]-[hash].js' },
        },
      },
    },
    // A sandboxed preload script cannot be a module.
    preload: {
      consumer: 'server',
      resolve: { noExternal: true, external: ['electron'] },
      build: {
        ssr: true,
        rolldownOptions: {
          input: { preload: entry('shell/preload.ts') },
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      for (const file of globSync(join(dist, '*.{js,cjs}'))) rmSync(file);
      for (const name of ['ssr', 'window', 'preload']) {
        const environment = builder.environments[name];
        if (environment !== undefined) await builder.build(environment);
      }
    },
  },
};

export default defineConfig(({ mode }) => (mode === 'node' ? node : renderer));
