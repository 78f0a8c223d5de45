import { beforeEach, expect, test, vi } from 'vitest';
import { openWindow } from '../../electron/shell/window.ts';
import { reachableBounds } from '../../electron/shell/windowBounds.ts';
import * as electron from './electronStandIn.ts';

vi.mock('electron', () => import('./electronStandIn.ts'));

beforeEach(() => electron.forgetAll());

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const left = { x: -2560, y: 0, width: 2560, height: 1400 };
const size = { width: 1320, height: 860 };

test.each([
  ['in the middle of a display', { x: 60, y: 30, ...size }, [laptop], null],
  ['half over the edge, its title bar in reach', { x: 1200, y: 30, ...size }, [laptop], null],
  ['on a display left of the first', { x: -2000, y: 100, ...size }, [laptop, left], null],
  ['where a display was that is gone', { x: -2000, y: 100, ...size }, [laptop], { x: 60, y: 33, ...size }],
  ['with its title bar above the display', { x: 60, y: -400, ...size }, [laptop], { x: 60, y: 33, ...size }],
  ['with a corner left that nobody can grasp', { x: 1400, y: 30, ...size }, [laptop], { x: 60, y: 33, ...size }],
  ['larger than what is left', { x: 5000, y: 0, width: 3000, height: 2000 }, [laptop], laptop],
])('a window %s', (_where, bounds, workAreas, expected) => {
  expect(reachableBounds(bounds, workAreas, laptop)).toEqual(expected);
});

test('the place is remembered, and corrected when its display is taken away', () => {
  electron.displays.push({ workArea: laptop }, { workArea: left });
  openWindow('/app/preload.cjs');
  const [window] = electron.BrowserWindow.windows;
  expect(window?.options).toMatchObject({ name: 'main', windowStatePersistence: true });
  if (window !== undefined) window.bounds = { x: -2000, y: 100, ...size };
  window?.emit('persisted-state-restored');
  expect(electron.callsOf('window.setBounds')).toEqual([]);
  electron.displays.pop();
  electron.screen.emit('display-removed');
  expect(electron.callsOf('window.setBounds')).toEqual([[{ x: 60, y: 33, ...size }]]);
  window?.emit('closed');
  electron.screen.emit('display-removed');
  expect(electron.callsOf('window.setBounds')).toHaveLength(1);
});
