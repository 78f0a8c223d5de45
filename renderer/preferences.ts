/** Theme and density: kept by the backend, remembered here so that the first paint is right. */
import { create } from 'zustand';
import type { Settings } from '../shared/contract/views.ts';
import { backend } from './connection.ts';

const storageKey = 'lockkeeper.preferences';
const defaults: Settings = { theme: 'system', density: 'comfortable' };

export const usePreferences = create<Settings>(() => remembered());

export function applyPreferences(settings: Settings): void {
  usePreferences.setState(settings);
  window.localStorage.setItem(storageKey, JSON.stringify(settings));
  document.documentElement.dataset['density'] = settings.density;
}

/** Saves at once. Rejects when the backend refuses; the view then shows why. */
export async function changePreferences(change: Partial<Settings>): Promise<void> {
  applyPreferences({ ...usePreferences.getState(), ...change });
  applyPreferences(await backend().settings.set(change));
}

function remembered(): Settings {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(storageKey) ?? '{}');
    return typeof stored === 'object' && stored !== null ? { ...defaults, ...stored } : defaults;
  } catch {
    return defaults;
  }
}
