/** The address of every screen: pure translation between the URL's fragment and a Route. */
import type { Target } from '../shared/model/plan.ts';

export const environmentTabs = ['plan', 'migrations', 'history', 'log', 'backups'] as const;
export type EnvironmentTab = (typeof environmentTabs)[number];

export type Route =
  | { readonly screen: 'environments' }
  | { readonly screen: 'environment'; readonly id: string; readonly tab: EnvironmentTab; readonly run: string | null }
  | { readonly screen: 'migration'; readonly id: string; readonly version: string }
  | { readonly screen: 'migrate'; readonly id: string; readonly target: Target }
  | { readonly screen: 'runs' }
  | { readonly screen: 'run'; readonly id: string }
  | { readonly screen: 'backups' }
  | { readonly screen: 'history' }
  | { readonly screen: 'settings' }
  | { readonly screen: 'notFound'; readonly path: string };

export type ScreenName = 'environments' | 'runs' | 'backups' | 'history' | 'settings';

/** The fragment of a route, with its `#`: usable as a link. */
export function formatRoute(route: Route): string {
  switch (route.screen) {
    case 'environment': {
      const query = route.run === null ? '' : `?run=${encodeURIComponent(route.run)}`;
      return `#/environments/${encodeURIComponent(route.id)}/${route.tab}${query}`;
    }
    case 'migration':
      return `#/environments/${encodeURIComponent(route.id)}/migration/${encodeURIComponent(route.version)}`;
    case 'migrate':
      return `#/environments/${encodeURIComponent(route.id)}/migrate?${formatTarget(route.target)}`;
    case 'run':
      return `#/runs/${encodeURIComponent(route.id)}`;
    case 'notFound':
      return `#${route.path}`;
    default:
      return `#/${route.screen}`;
  }
}

/** What a fragment names; anything unknown is `notFound`, never an error. */
export function parseRoute(fragment: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#/, '').split('?', 2);
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const parameters = new URLSearchParams(query);
  const [head, id, third, fourth] = parts;
  if (head === undefined) return { screen: 'environments' };
  if (head === 'environments') {
    if (id === undefined) return { screen: 'environments' };
    if (third === 'migration' && fourth !== undefined) return { screen: 'migration', id, version: fourth };
    if (third === 'migrate') return { screen: 'migrate', id, target: parseTarget(parameters) };
    const tab = environmentTabs.find((name) => name === (third ?? 'plan'));
    if (tab !== undefined) return { screen: 'environment', id, tab, run: parameters.get('run') };
  }
  if (head === 'runs') return id === undefined ? { screen: 'runs' } : { screen: 'run', id };
  if (id === undefined && (head === 'backups' || head === 'history' || head === 'settings')) return { screen: head };
  return { screen: 'notFound', path };
}

export function formatTarget(target: Target): string {
  const parameters = new URLSearchParams({ direction: target.direction });
  if (target.to !== undefined) parameters.set('to', target.to);
  if (target.steps !== undefined) parameters.set('steps', String(target.steps));
  if (target.direction === 'down' && target.version !== undefined) parameters.set('version', target.version);
  return parameters.toString();
}

export function parseTarget(parameters: URLSearchParams): Target {
  const to = parameters.get('to');
  const steps = Number(parameters.get('steps') ?? Number.NaN);
  const version = parameters.get('version');
  const common = {
    ...(to === null ? {} : { to }),
    ...(Number.isInteger(steps) && steps > 0 ? { steps } : {}),
  };
  if (parameters.get('direction') !== 'down') return { direction: 'up', ...common };
  return { direction: 'down', ...common, ...(version === null ? {} : { version }) };
}

/** The screen in the navigation that a route belongs to. */
export function screenOf(route: Route): ScreenName | null {
  switch (route.screen) {
    case 'environment':
    case 'migration':
    case 'migrate':
      return 'environments';
    case 'run':
      return 'runs';
    case 'notFound':
      return null;
    default:
      return route.screen;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
