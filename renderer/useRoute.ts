import { useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, type Route } from './router.ts';

let last = { fragment: '', route: parseRoute('') };

function snapshot(): Route {
  const fragment = window.location.hash;
  if (fragment !== last.fragment) last = { fragment, route: parseRoute(fragment) };
  return last.route;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, snapshot);

export const navigate = (route: Route): void => {
  window.location.hash = formatRoute(route);
};

/** Goes on without leaving an entry to come back to: for pages that are over once left. */
export function replaceRoute(route: Route): void {
  const before = window.location.href;
  window.history.replaceState(null, '', formatRoute(route));
  window.dispatchEvent(new HashChangeEvent('hashchange', { oldURL: before, newURL: window.location.href }));
}
