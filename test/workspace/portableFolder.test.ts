import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataDirectory } from '../../electron/workspace/dataDirectory.ts';
import { portableFolder } from '../../electron/workspace/portableFolder.ts';

let stick: string;
let data: string;
beforeEach(() => {
  stick = mkdtempSync(join(tmpdir(), 'lockkeeper-stick-'));
  data = join(stick, 'lockkeeper-data');
  mkdirSync(data);
});
afterEach(() => rmSync(stick, { recursive: true }));

const inArchive = 'resources/app.asar/dist';

test.each([
  ['the window on Linux', 'linux', `Lockkeeper/../${inArchive}`],
  ['the command line beside it', 'linux', 'resources/app.asar.unpacked/dist'],
  ['macOS, beside the bundle', 'darwin', 'Lockkeeper.app/Contents/Resources/app.asar/dist'],
] as const)('%s keeps its data beside the application', (_case, platform, code) => {
  const codeFolder = join(stick, code);
  expect(dataDirectory({}, platform, '/home/anna', codeFolder)).toBe(data);
  expect(dataDirectory({ LOCKKEEPER_HOME: '/srv/data' }, platform, '/home/anna', codeFolder)).toBe('/srv/data');
  rmSync(data, { recursive: true });
  expect(portableFolder(codeFolder, {}, platform)).toBeNull();
});

test('an AppImage counts where its file lies, not where it is mounted', () => {
  const variables = { APPIMAGE: join(stick, 'Lockkeeper.AppImage'), APPDIR: '/tmp/.mount_Lock' };
  expect(portableFolder(`/tmp/.mount_Lock/${inArchive}`, variables, 'linux')).toBe(data);
});

test('an AppImage that only started us, such as a terminal, does not count', () => {
  const variables = { APPIMAGE: join(stick, 'Terminal.AppImage'), APPDIR: '/tmp/.mount_Term' };
  expect(portableFolder(`/opt/Lockkeeper/${inArchive}`, variables, 'linux')).toBeNull();
});

test('a portable program of Windows counts where its file lies, not where it unpacked itself', () => {
  const variables = { PORTABLE_EXECUTABLE_DIR: stick };
  expect(portableFolder(`/users/anna/temp/2x9/${inArchive}`, variables, 'win32')).toBe(data);
});

test('a checkout and an installation by npm are not portable', () => {
  expect(portableFolder(join(stick, 'dist'), {}, 'linux')).toBeNull();
  expect(portableFolder(join(stick, 'node_modules/lockkeeper/dist'), {}, 'linux')).toBeNull();
});
