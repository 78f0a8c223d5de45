import { describe, expect, test } from 'vitest';
import { formatRoute, parseRoute, parseTarget, type Route, screenOf } from '../../renderer/router.ts';

const routes: readonly Route[] = [
  { screen: 'environments' },
  { screen: 'environment', id: '01K', tab: 'plan', run: null },
  { screen: 'environment', id: '01K', tab: 'log', run: 'run/1?x' },
  { screen: 'migration', id: '01K', version: '2.0/β #1?' },
  { screen: 'migrate', id: '01K', target: { direction: 'up' } },
  { screen: 'migrate', id: '01K', target: { direction: 'up', to: '1.4.0&x=1' } },
  { screen: 'migrate', id: '01K', target: { direction: 'up', to: '2' }, accept: ['rowsLost'] },
  { screen: 'migrate', id: '01K', target: { direction: 'down', version: '1.4.0' } },
  { screen: 'migrate', id: '01K', target: { direction: 'down', steps: 3 } },
  { screen: 'repair', id: '01K', requests: [{ action: 'markApplied', version: '1.4:0 β' }] },
  { screen: 'repair', id: '01K', requests: [{ action: 'updateChecksums' }, { action: 'baseline', version: '2' }] },
  { screen: 'trust', id: '01K' },
  { screen: 'connect', id: '01K' },
  { screen: 'adopt', id: '01K', wanted: null },
  { screen: 'adopt', id: '01K', wanted: { to: 'dbmate', sourceTo: '/a & b', historyTableTo: 'public.steps' } },
  {
    screen: 'restore',
    wanted: { backup: '01B', file: null, environmentId: null, placement: 'swap', into: null },
  },
  {
    screen: 'restore',
    wanted: { backup: null, file: 'C:\\a & b.dump', environmentId: '01K', placement: 'into', into: 'copy?' },
  },
  { screen: 'undo', run: 'a/b' },
  { screen: 'runs' },
  { screen: 'run', id: 'a%b' },
  { screen: 'backups' },
  { screen: 'history' },
  { screen: 'settings' },
];

describe('addresses of screens', () => {
  test.each(routes.map((route) => [formatRoute(route), route]))('%s leads back to its route', (fragment, route) => {
    expect(parseRoute(fragment)).toEqual(route);
  });

  test('the empty address is home', () => {
    expect(parseRoute('')).toEqual({ screen: 'environments' });
    expect(parseRoute('#/')).toEqual({ screen: 'environments' });
  });

  test('an environment without a tab opens its plan', () => {
    expect(parseRoute('#/environments/01K')).toEqual({ screen: 'environment', id: '01K', tab: 'plan', run: null });
  });

  test.each(['#/nowhere', '#/environments/01K/nowhere', '#/settings/more', '#/%E0%A4%A'])(
    '%s is not found, not an error',
    (fragment) => {
      expect(parseRoute(fragment).screen).toBe('notFound');
    },
  );

  test('steps that are no positive whole number are left out', () => {
    for (const steps of ['0', '-1', '1.5', 'x', ''])
      expect(parseTarget(new URLSearchParams({ direction: 'up', steps }))).toEqual({ direction: 'up' });
  });

  test('every page of an environment belongs to Environments', () => {
    expect(screenOf({ screen: 'migrate', id: 'e', target: { direction: 'up' } })).toBe('environments');
    expect(screenOf({ screen: 'run', id: 'r' })).toBe('runs');
    expect(screenOf({ screen: 'notFound', path: '/x' })).toBeNull();
  });
});
