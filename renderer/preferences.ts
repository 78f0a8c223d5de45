/** Theme and density: kept by the backend, remembered here so that the first paint is right. */
import { create } from 'zustand';
import { type Appearance, usualAppearance } from '../shared/model/appearance.ts';
import { backend } from './connection.ts';

const storageKey = 'lockkeeper.preferences';

export const usePreferences = create<Appearance>(() => remembered());

export function applyPreferences({ theme, density }: Appearance): void {
  usePreferences.setState({ theme, density });
  window.localStorage.setItem(storageKey, JSON.stringify({ theme, density }));
  document.documentElement.dataset['density'] = density;
}

/** Saves at once. Rejects when the backend refuses; the view then shows why. */
export async function changePreferences(change: Partial<Appearance>): Promise<void> {
  applyPreferences({ ...usePreferences.getState(), ...change });
  applyPreferences(await backend().settings.set(change));
}

function remembered(): Appearance {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(storageKey) ?? '{}');
    return typeof stored === 'object' && stored !== null ? { ...usualAppearance, ...stored } : usualAppearance;
  } catch {
    return usualAppearance;
  }
}
