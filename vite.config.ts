import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions, type Plugin, type UserConfig } from 'vite';

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

/**
 * With all that they import, one file: to find and read each of eighty takes longer than to read what one command does
 * not need.
 */
const everyCommand = ['cli/program.ts', 'cli/commands/run.ts', 'cli/commands/status.ts', 'compose.ts'].map(entry);

/** Each of them a file of its own: a child process that shared one with the command line would have to load all of that. */
const workers = {
  'sqlite-worker': 'databases/sqlite/worker.ts',
  'sqlite-backup-worker': 'backups/sqlite/worker.ts',
  'program-worker': 'tools/programs/child/worker.ts',
  'report-worker': 'services/report/pdfWorker.ts',
  'keychain-worker': 'credentials/keychainWorker.ts',
};

/**
 * One quotation mark beyond ASCII makes V8 keep the whole text of a bundle in twice the bytes and Node decode it slowly,
 * which a start of one and a half megabytes feels.
 */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_options, files) {
    for (const file of Object.values(files)) if (file.type === 'chunk') file.code = escaped(file.code);
  },
};

function escaped(code: string): string {
  // Where an escape would mean something else.
  const place = /\\[^\0-\x7f]|String\.raw`[^`]*[^\0-\x7f]/.exec(code);
  if (place !== null) throw new Error(`This text cannot be escaped: ${place[0]}`);
  return code.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** `output`: beside what holds for all. */
const bundle = (
  input: Readonly<Record<string, string>>,
  output: NonNullable<NonNullable<EnvironmentOptions['build']>['rolldownOptions']>['output'],
): EnvironmentOptions => ({
  consumer: 'server',
  resolve: { noExternal: true, external: besides },
  build: { ssr: true, rolldownOptions: { input, output: { format: 'es', entryFileNames: '[name].js', ...output } } },
});

const environmentOf = (worker: string): string => worker.replaceAll('-', '_');

const workerBundles = Object.fromEntries(
  Object.entries(workers).map(([name, path]) => [
    environmentOf(name),
    bundle({ [name]: entry(path) }, { codeSplitting: false }),
  ]),
);

/** What runs outside of the page: the window's main process, `npm start`, the command line and its workers. */
const node: UserConfig = {
  root,
  publicDir: false,
  plugins: [asciiOnly],
  ssr: { noExternal: true },
  build: { outDir: dist, emptyOutDir: false, target: 'node24', minify: false, reportCompressedSize: false },
  environments: {
    // All beside each other: a worker is found relative to whichever file asks for it.
    ssr: bundle(
      { start: entry('start.ts'), cli: entry('cli/launcher.ts') },
      {
        chunkFileNames: 'chunk-[name]-[hash].js',
        codeSplitting: { groups: [{ name: 'core', test: (id) => everyCommand.includes(id) }] },
      },
    ),
    ...workerBundles,
    // Shares no file with the others: it stays in the application's archive, whose integrity Electron checks.
    window: bundle({ main: entry('main.ts') }, { chunkFileNames: 'window-[name]-[hash].js' }),
    // A sandboxed preload script cannot be a module.
    preload: bundle({ preload: entry('shell/preload.ts') }, { format: 'cjs', entryFileNames: '[name].cjs' }),
  },
  builder: {
    async buildApp(builder) {
      const folder = builder.config.build.outDir;
      for (const file of globSync(join(folder, '*.{js,cjs}'))) rmSync(file);
      for (const name of ['ssr', ...Object.keys(workerBundles), 'window', 'preload']) {
        const environment = builder.environments[name];
        if (environment !== undefined) await builder.build(environment);
      }
    },
  },
};

export default defineConfig(({ mode }) => (mode === 'node' ? node : renderer));
