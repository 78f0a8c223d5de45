/** Theme and density: kept by the backend, remembered here so that the first paint is right. */
import { create } from 'zustand';
import type { Settings } from '../shared/contract/views.ts';
import { backend } from './connection.ts';

const storageKey = 'lockkeeper.preferences';
export type Preferences = Pick<Settings, 'theme' | 'density'>;

const defaults: Preferences = { theme: 'system', density: 'comfortable' };

export const usePreferences = create<Preferences>(() => remembered());

export function applyPreferences({ theme, density }: Preferences): void {
  usePreferences.setState({ theme, density });
  window.localStorage.setItem(storageKey, JSON.stringify({ theme, density }));
  document.documentElement.dataset['density'] = density;
}

/** Saves at once. Rejects when the backend refuses; the view then shows why. */
export async function changePreferences(change: Partial<Preferences>): Promise<void> {
  applyPreferences({ ...usePreferences.getState(), ...change });
  applyPreferences(await backend().settings.set(change));
}

function remembered(): Preferences {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(storageKey) ?? '{}');
    return typeof stored === 'object' && stored !== null ? { ...defaults, ...stored } : defaults;
  } catch {
    return defaults;
  }
}
