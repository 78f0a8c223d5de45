/** The address of every screen: pure translation between the URL's fragment and a Route. */
import type { AdoptRequest } from '../shared/model/adoption.ts';
import type { Target } from '../shared/model/plan.ts';
import { type RepairRequest, repairActions } from '../shared/model/repair.ts';
import { type RestorePlacement, restorePlacements } from '../shared/model/restore.ts';

export const environmentTabs = [
  'plan',
  'migrations',
  'attention',
  'schema',
  'versions',
  'activity',
  'history',
  'log',
  'backups',
  'settings',
] as const;
export type EnvironmentTab = (typeof environmentTabs)[number];

/** Which backup, or somebody else's dump, is to be restored where. */
export interface RestoreTarget {
  readonly backup: string | null;
  /** Path of a dump. */
  readonly file: string | null;
  /** Null: the environment that the backup is of. */
  readonly environmentId: string | null;
  readonly placement: RestorePlacement;
  /** With `into`: the database's name or the file's path. */
  readonly into: string | null;
}

export type Route =
  | { readonly screen: 'environments' }
  | { readonly screen: 'environment'; readonly id: string; readonly tab: EnvironmentTab; readonly run: string | null }
  | { readonly screen: 'migration'; readonly id: string; readonly version: string }
  | {
      readonly screen: 'migrate';
      readonly id: string;
      readonly target: Target;
      /** Codes that a person is asked to accept beside the plan's own: what only a run has found. */
      readonly accept?: readonly string[];
    }
  | { readonly screen: 'rehearsal'; readonly id: string }
  /** Of several environments. */
  | { readonly screen: 'plans'; readonly ids: readonly string[] }
  | { readonly screen: 'repair'; readonly id: string; readonly requests: readonly RepairRequest[] }
  | { readonly screen: 'trust'; readonly id: string }
  | { readonly screen: 'connect'; readonly id: string }
  | { readonly screen: 'adopt'; readonly id: string; readonly wanted: AdoptRequest | null }
  | { readonly screen: 'restore'; readonly wanted: RestoreTarget }
  | { readonly screen: 'undo'; readonly run: string }
  /** Going on with an interrupted run, or taking it back. */
  | { readonly screen: 'resume'; readonly run: string; readonly action: 'resume' | 'rollBack' }
  | { readonly screen: 'runs' }
  | { readonly screen: 'fleets' }
  | { readonly screen: 'fleet'; readonly id: string }
  /** No ids: they are chosen there. */
  | { readonly screen: 'newFleet'; readonly ids: readonly string[]; readonly to: string | null }
  | { readonly screen: 'run'; readonly id: string }
  | { readonly screen: 'backups' }
  | { readonly screen: 'history' }
  | { readonly screen: 'schedules' }
  | {
      readonly screen: 'bundles';
      /** Of the open one. */
      readonly digest?: string;
      /** Path of one that is to be opened. */
      readonly file?: string;
      /** The environment that it is checked against. */
      readonly environmentId?: string;
    }
  /** The plan file that was opened in this window. */
  | { readonly screen: 'planFile' }
  | { readonly screen: 'settings' }
  | { readonly screen: 'notFound'; readonly path: string };

export type ScreenName = 'environments' | 'runs' | 'backups' | 'history' | 'bundles' | 'settings';

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
      return `#/environments/${encodeURIComponent(route.id)}/migrate?${formatTarget(route.target)}${formatAccepted(route.accept ?? [])}`;
    case 'repair':
      return `#/environments/${encodeURIComponent(route.id)}/repair?${formatRequests(route.requests)}`;
    case 'plans':
      return `#/plans?${new URLSearchParams(route.ids.map((id) => ['environment', id])).toString()}`;
    case 'fleet':
      return `#/fleets/${encodeURIComponent(route.id)}`;
    case 'newFleet': {
      const members = route.ids.map((id) => ['environment', id]);
      const query = new URLSearchParams(route.to === null ? members : [...members, ['to', route.to]]).toString();
      return query === '' ? '#/newFleet' : `#/newFleet?${query}`;
    }
    case 'trust':
    case 'connect':
      return `#/environments/${encodeURIComponent(route.id)}/${route.screen}`;
    case 'adopt': {
      const query = route.wanted === null ? '' : `?${formatAdoption(route.wanted)}`;
      return `#/environments/${encodeURIComponent(route.id)}/adopt${query}`;
    }
    case 'bundles':
      return `#/bundles${formatBundle(route)}`;
    case 'rehearsal':
      return `#/rehearsals/${encodeURIComponent(route.id)}`;
    case 'restore':
      return `#/restore?${formatRestore(route.wanted)}`;
    case 'undo':
      return `#/runs/${encodeURIComponent(route.run)}/undo`;
    case 'resume':
      return `#/runs/${encodeURIComponent(route.run)}/${route.action}`;
    case 'run':
      return `#/runs/${encodeURIComponent(route.id)}`;
    case 'planFile':
      return '#/plan-file';
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
    if (third === 'migrate') {
      const accept = parameters.getAll('accept');
      return {
        screen: 'migrate',
        id,
        target: parseTarget(parameters),
        ...(accept.length === 0 ? {} : { accept }),
      };
    }
    if (third === 'repair') return { screen: 'repair', id, requests: parseRequests(parameters) };
    if (third === 'trust' || third === 'connect') return { screen: third, id };
    if (third === 'adopt') return { screen: 'adopt', id, wanted: parseAdoption(parameters) };
    const tab = environmentTabs.find((name) => name === (third ?? 'plan'));
    if (tab !== undefined) return { screen: 'environment', id, tab, run: parameters.get('run') };
  }
  if (head === 'rehearsals' && id !== undefined) return { screen: 'rehearsal', id };
  if (head === 'plans' && id === undefined) return { screen: 'plans', ids: parameters.getAll('environment') };
  if (head === 'newFleet' && id === undefined)
    return { screen: 'newFleet', ids: parameters.getAll('environment'), to: parameters.get('to') };
  if (head === 'plan-file' && id === undefined) return { screen: 'planFile' };
  if (head === 'fleets') return id === undefined ? { screen: 'fleets' } : { screen: 'fleet', id };
  if (head === 'bundles' && third === undefined) return parseBundle(id, parameters);
  if (head === 'restore' && id === undefined) return { screen: 'restore', wanted: parseRestore(parameters) };
  if (head === 'runs' && id !== undefined && third === 'undo') return { screen: 'undo', run: id };
  if (head === 'runs' && id !== undefined && (third === 'resume' || third === 'rollBack'))
    return { screen: 'resume', run: id, action: third };
  if (head === 'runs') return id === undefined ? { screen: 'runs' } : { screen: 'run', id };
  if (id === undefined && (head === 'backups' || head === 'history' || head === 'schedules' || head === 'settings'))
    return { screen: head };
  return { screen: 'notFound', path };
}

export function formatTarget(target: Target): string {
  const parameters = new URLSearchParams({ direction: target.direction });
  if (target.to !== undefined) parameters.set('to', target.to);
  if (target.steps !== undefined) parameters.set('steps', String(target.steps));
  if (target.direction === 'down' && target.version !== undefined) parameters.set('version', target.version);
  if (target.bundle !== undefined) parameters.set('bundle', target.bundle);
  return parameters.toString();
}

type BundleRoute = Route & { readonly screen: 'bundles' };

function formatBundle({ digest, file, environmentId }: BundleRoute): string {
  const query = new URLSearchParams([
    ...(file === undefined ? [] : [['file', file]]),
    ...(environmentId === undefined ? [] : [['environment', environmentId]]),
  ]).toString();
  return `${digest === undefined ? '' : `/${encodeURIComponent(digest)}`}${query === '' ? '' : `?${query}`}`;
}

function parseBundle(digest: string | undefined, parameters: URLSearchParams): BundleRoute {
  const [file, environmentId] = [parameters.get('file'), parameters.get('environment')];
  return {
    screen: 'bundles',
    ...(digest === undefined ? {} : { digest }),
    ...(file === null ? {} : { file }),
    ...(environmentId === null ? {} : { environmentId }),
  };
}

const formatAccepted = (codes: readonly string[]): string =>
  codes.map((code) => `&accept=${encodeURIComponent(code)}`).join('');

export function parseTarget(parameters: URLSearchParams): Target {
  const to = parameters.get('to');
  const steps = Number(parameters.get('steps') ?? Number.NaN);
  const version = parameters.get('version');
  const bundle = parameters.get('bundle');
  const common = {
    ...(bundle === null ? {} : { bundle }),
    ...(to === null ? {} : { to }),
    ...(Number.isInteger(steps) && steps > 0 ? { steps } : {}),
  };
  if (parameters.get('direction') !== 'down') return { direction: 'up', ...common };
  return { direction: 'down', ...common, ...(version === null ? {} : { version }) };
}

/** `fix=markApplied:1.4.0`, once for each correction. */
export const formatRequests = (requests: readonly RepairRequest[]): string =>
  new URLSearchParams(
    requests.map((request) => ['fix', 'version' in request ? `${request.action}:${request.version}` : request.action]),
  ).toString();

/** What is no correction is left out. */
export const parseRequests = (parameters: URLSearchParams): readonly RepairRequest[] =>
  parameters.getAll('fix').flatMap((fix): readonly RepairRequest[] => {
    if (fix === 'updateChecksums') return [{ action: fix }];
    const colon = fix.indexOf(':');
    const action = repairActions.find((one) => one === fix.slice(0, colon));
    return action === undefined ? [] : [{ action, version: fix.slice(colon + 1) }];
  });

const adoptionFields = ['from', 'sourceTo', 'historyTableTo', 'writeTo'] as const;

export const formatAdoption = (wanted: AdoptRequest): string =>
  new URLSearchParams(
    (['to', ...adoptionFields] as const).flatMap((field) => {
      const value = wanted[field];
      return value === undefined ? [] : [[field, value]];
    }),
  ).toString();

/** Null: no tool is named yet. */
export function parseAdoption(parameters: URLSearchParams): AdoptRequest | null {
  const to = parameters.get('to');
  if (to === null) return null;
  const given = adoptionFields.flatMap((field) => {
    const value = parameters.get(field);
    return value === null ? [] : [[field, value]];
  });
  return { to, ...Object.fromEntries(given) };
}

export function formatRestore({ backup, file, environmentId, placement, into }: RestoreTarget): string {
  const parameters = new URLSearchParams({ placement });
  for (const [name, value] of Object.entries({ backup, file, environment: environmentId, into }))
    if (value !== null) parameters.set(name, value);
  return parameters.toString();
}

export const parseRestore = (parameters: URLSearchParams): RestoreTarget => ({
  backup: parameters.get('backup'),
  file: parameters.get('file'),
  environmentId: parameters.get('environment'),
  placement: restorePlacements.find((placement) => placement === parameters.get('placement')) ?? 'swap',
  into: parameters.get('into'),
});

/** The screen in the navigation that a route belongs to. */
export function screenOf(route: Route): ScreenName | null {
  switch (route.screen) {
    case 'environment':
    case 'migration':
    case 'migrate':
    case 'plans':
    case 'planFile':
    case 'newFleet':
    case 'rehearsal':
    case 'repair':
    case 'trust':
    case 'connect':
    case 'adopt':
      return 'environments';
    case 'restore':
      return 'backups';
    case 'fleets':
    case 'fleet':
    case 'schedules':
    case 'run':
    case 'resume':
    case 'undo':
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
