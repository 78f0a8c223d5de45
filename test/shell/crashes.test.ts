import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { surviveCrashes } from '../../electron/shell/crashes.ts';
import { openWindow } from '../../electron/shell/window.ts';
import * as electron from './electronStandIn.ts';

vi.mock('electron', () => import('./electronStandIn.ts'));

beforeEach(() => electron.forgetAll());

const first = { response: 0 };
const second = { response: 1 };
const names = (): string[] => electron.calls.map(({ name }) => name);

function watched(): electron.BrowserWindow {
  surviveCrashes(new EventEmitter());
  openWindow('/app/preload.cjs');
  electron.calls.length = 0;
  return electron.BrowserWindow.windows[0] ?? expect.fail('no window');
}

test('a page that ended unexpectedly is loaded again when the person wants it', async () => {
  const window = watched();
  electron.answers.push(first);
  window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 11 });
  await vi.waitFor(() => expect(names()).toEqual(['dialog.showMessageBox', 'webContents.reload']));
  expect(electron.callsOf('dialog.showMessageBox')).toMatchObject([
    [
      window,
      {
        message: 'The window’s page has ended unexpectedly.',
        detail: 'Runs are not affected: they go on, and the window shows them as they are.',
        buttons: ['Show it again', 'Quit'],
      },
    ],
  ]);
});

test('quitting then asks about runs as always', async () => {
  const window = watched();
  electron.answers.push(second);
  window.webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 1 });
  await vi.waitFor(() => expect(names()).toEqual(['dialog.showMessageBox', 'quit']));
});

test('a page that closed by itself is no crash', () => {
  watched().webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
  expect(names()).toEqual([]);
});

test('a page that hangs is ended and loaded again, and its end is not asked about', async () => {
  const window = watched();
  electron.answers.push(second);
  window.emit('unresponsive');
  const ended = ['dialog.showMessageBox', 'webContents.forcefullyCrashRenderer', 'webContents.reload'];
  await vi.waitFor(() => expect(names()).toEqual(ended));
  window.webContents.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 });
  expect(names()).toEqual(ended);
});

test('the question goes when the page answers again', () => {
  const window = watched();
  window.emit('unresponsive');
  const [[, options] = []] = electron.callsOf('dialog.showMessageBox');
  expect(options).toMatchObject({ signal: { aborted: false } });
  window.emit('responsive');
  expect(options).toMatchObject({ signal: { aborted: true } });
});

test('a helper process of Chromium that ended asks nothing', () => {
  watched();
  electron.app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 5 });
  expect(names()).toEqual([]);
});

test('an error that nobody caught ends nothing, and is told once', async () => {
  const faults = new EventEmitter();
  surviveCrashes(faults);
  faults.emit('uncaughtException', new Error('a fault of ours'));
  faults.emit('unhandledRejection', new Error('another'));
  faults.emit('uncaughtException', new Error('a third'));
  await vi.waitFor(() =>
    expect(electron.callsOf('dialog.showMessageBox')).toMatchObject([
      [{ message: 'Lockkeeper met an error of its own.' }],
    ]),
  );
  expect(names()).toEqual(['dialog.showMessageBox']);
});
