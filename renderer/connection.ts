/** Whether this window reaches the backend, and the one client everything else uses. */
import { create } from 'zustand';
import type { Change } from '../shared/contract/views.ts';
import { BackendLost, isLost } from './problem.ts';
import { invalidate, invalidateAll } from './resources.ts';
import { type Backend, inElectron, openBackend } from './rpc.ts';
import { forgetSession } from './session.ts';
import { follow } from './stream.ts';

type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'ready'; readonly reconnecting: boolean }
  /** `session`: the server does not know this tab. `unreachable`: no answer. `port`: Electron's port closed. */
  | { readonly kind: 'lost'; readonly why: 'session' | 'unreachable' | 'port' };

export const useConnection = create<ConnectionState>(() => ({ kind: 'connecting' }));

let current: Backend | null = null;

/** The client. @throws {BackendLost} before the connection is ready. */
export function backend(): Backend {
  if (current === null) throw new BackendLost();
  return current;
}

/** Silent for so long, the backend is taken for ended and the page says so. */
const patienceMs = 20_000;
let following = new AbortController();

export async function connect(): Promise<void> {
  following.abort();
  following = new AbortController();
  const { signal } = following;
  useConnection.setState({ kind: 'connecting' }, true);
  try {
    current = await openBackend(() => lose(inElectron() ? 'port' : 'session'));
  } catch (thrown) {
    lose(thrown instanceof BackendLost ? 'session' : 'unreachable');
    return;
  }
  useConnection.setState({ kind: 'ready', reconnecting: false }, true);
  await followChanges(signal);
}

function lose(why: 'session' | 'unreachable' | 'port'): void {
  following.abort();
  current = null;
  if (why === 'session') forgetSession();
  useConnection.setState({ kind: 'lost', why }, true);
}

async function followChanges(signal: AbortSignal): Promise<void> {
  let brokenSince: number | null = null;
  await follow<Change>({
    open: (abort) => backend().application.changes(undefined, { signal: abort }),
    onItem: applyChange,
    onState: (state) => {
      if (state === 'live' && brokenSince !== null) invalidateAll();
      brokenSince = state === 'live' ? null : (brokenSince ?? Date.now());
      if (brokenSince !== null && Date.now() - brokenSince > patienceMs) lose('unreachable');
      else if (!signal.aborted) useConnection.setState({ kind: 'ready', reconnecting: state === 'reconnecting' }, true);
    },
    isFinal: (thrown) => thrown instanceof BackendLost && isLost(thrown),
    reopens: true,
    signal,
  }).catch((thrown: unknown) => {
    if (!signal.aborted) lose(thrown instanceof BackendLost ? 'session' : 'unreachable');
  });
}

/** Views read again what a change concerns; a status is read again only when a run may have moved it. */
function applyChange(change: Change): void {
  const suffix = change.environmentId;
  const concerns =
    (kind: string) =>
    (key: string): boolean =>
      key === kind ||
      (suffix === null
        ? key.startsWith(`${kind}:`)
        : key === `${kind}:${suffix}` || key.startsWith(`${kind}:${suffix}:`) || key === `${kind}:all`);
  const kinds: Readonly<Record<Change['kind'], readonly string[]>> = {
    environments: ['environments'],
    runs: [
      'environments',
      'runs',
      'history',
      'trends',
      'status',
      'plan',
      'migration',
      'rehearsal',
      'restorePlan',
      'verification',
      'repairs',
    ],
    backups: ['environments', 'backups', 'trends'],
    settings: ['settings', 'role', 'tour'],
    fleets: ['fleets'],
    schedules: ['schedules'],
    trust: ['bundle', 'bundleCheck', 'plan', 'planFile', 'trustedKeys'],
  };
  for (const kind of kinds[change.kind]) invalidate(concerns(kind));
}
