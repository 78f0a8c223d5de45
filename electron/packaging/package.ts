/** `npm run package`: installers of what was built, for the system it runs on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fetchElectron } from '../shell/electronProgram.ts';

const { resolve } = createRequire(import.meta.url);
const electron = dirname(resolve('electron/package.json'));
const builder = join(dirname(resolve('electron-builder/package.json')), 'cli.js');

/** Milliseconds; its files are more than a hundred megabytes. */
const patience = 600_000;

if ((await fetchElectron(electron, patience)) === null) {
  console.error('No package was built: Electron’s files are not on this computer and could not be downloaded.');
  process.exitCode = 1;
} else {
  // The same files that `npm start` shows its window with: nothing is downloaded twice.
  const args = [builder, `-c.electronDist=${join(electron, 'dist')}`, '--publish', 'never', ...process.argv.slice(2)];
  const [code]: unknown[] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit');
  process.exitCode = typeof code === 'number' ? code : 1;
}
