import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Computer, findElectron, hasDisplay } from '../../electron/shell/electronProgram.ts';

const desk: Computer = { platform: 'linux', variables: { DISPLAY: ':0' }, isRoot: false };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-electron-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** As the package's own script does it: unpacks, then writes `path.txt`. */
const unpacks = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  mkdirSync(__dirname + '/dist');
  writeFileSync(__dirname + '/dist/electron', '');
  writeFileSync(__dirname + '/path.txt', 'electron');`;

describe('Electron’s program', () => {
  test('is asked for only where it could show a window', async () => {
    await writeFile(join(folder, 'install.js'), `${unpacks}; throw new Error('it was asked for');`);
    expect(await findElectron({ ...desk, variables: {} }, folder)).toEqual({ missing: 'there is no display' });
    expect(await findElectron({ ...desk, isRoot: true }, folder)).toEqual({
      missing: 'Electron’s sandbox does not work for root',
    });
    expect(await findElectron(desk, null)).toEqual({ missing: 'Electron is not installed' });
    expect(await findElectron(desk, folder)).toEqual({ program: join(folder, 'dist', 'electron') });
  });

  test('is downloaded when it is not there yet, then found', async () => {
    await writeFile(join(folder, 'install.js'), unpacks);
    expect(await findElectron(desk, folder)).toEqual({ program: join(folder, 'dist', 'electron') });
    await writeFile(join(folder, 'install.js'), 'process.exit(1)');
    expect(await findElectron(desk, folder)).toEqual({ program: join(folder, 'dist', 'electron') });
  });

  test.each([
    ['without a network', 'process.exit(1)'],
    ['half unpacked', `require('node:fs').mkdirSync(__dirname + '/dist'); process.exit(1)`],
    ['with the program missing', `require('node:fs').writeFileSync(__dirname + '/path.txt', 'electron')`],
  ])('%s is missing', async (_name, script) => {
    await writeFile(join(folder, 'install.js'), script);
    expect(await findElectron(desk, folder)).toEqual({ missing: 'Electron’s program could not be downloaded' });
  });
});

test.each([
  ['linux', {}, false],
  ['linux', { DISPLAY: '' }, false],
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['win32', {}, true],
  ['darwin', {}, true],
  ['darwin', { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, false],
] as const)('on %s with %o a display is there: %s', (platform, variables, expected) => {
  expect(hasDisplay({ platform, variables })).toBe(expected);
});
