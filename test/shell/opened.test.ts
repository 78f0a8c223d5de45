import { beforeEach, expect, test, vi } from 'vitest';
import { linkedFragment } from '../../electron/shell/deepLink.ts';
import { tellOfOpened } from '../../electron/shell/openedFiles.ts';
import * as electron from './electronStandIn.ts';

vi.mock('electron', () => import('./electronStandIn.ts'));

beforeEach(() => electron.forgetAll());

test('bundles and links lead to their screens, by whichever way the system hands them over', () => {
  const opened: string[] = [];
  tellOfOpened((fragment) => opened.push(fragment));
  const events = [electron.preventable(), electron.preventable()];
  electron.app.emit('open-file', events[0], '/media/stick/Clinic.LKB');
  electron.app.emit('open-url', events[1], 'lockkeeper://runs/01JABC');
  electron.app.emit('second-instance', {}, ['lockkeeper-desktop', '--flag', 'site & more.lkb'], '/media/stick');
  electron.app.emit('second-instance', {}, ['lockkeeper-desktop', 'lockkeeper:history'], '/');
  electron.app.emit('second-instance', {}, ['lockkeeper-desktop', '/home/anna/notes.txt', '--x=a.lkb'], '/');
  expect(opened).toEqual([
    '#/bundles?file=%2Fmedia%2Fstick%2FClinic.LKB',
    '#/runs/01JABC',
    '#/bundles?file=%2Fmedia%2Fstick%2Fsite+%26+more.lkb',
    '#/history',
  ]);
  expect(events.map(({ defaultPrevented }) => defaultPrevented)).toEqual([true, true]);
});

test.each([
  ['lockkeeper://environments/01J/plan', '#/environments/01J/plan'],
  ['lockkeeper://environments/01J/migration/1.4.0', '#/environments/01J/migration/1.4.0'],
  ['lockkeeper:///backups/', '#/backups'],
  ['lockkeeper:bundles', '#/bundles'],
])('the link %s is followed', (link, fragment) => {
  expect(linkedFragment(link)).toBe(fragment);
});

test.each([
  'lockkeeper://environments/01J/migrate?direction=up',
  'lockkeeper://environments/01J/repair?fix=force:9',
  'lockkeeper://restore?backup=01J',
  'lockkeeper://runs/01J/undo',
  'lockkeeper://settings',
  'lockkeeper://bundles?file=/etc/passwd',
  'lockkeeper://runs/01J#/restore',
  'lockkeeper://history\nlockkeeper://settings',
  'lockkeeper://runs/../settings',
  'https://runs/01J',
  'file:///runs',
  '',
])('the link “%s” leads nowhere', (link) => {
  expect(linkedFragment(link)).toBeNull();
});
