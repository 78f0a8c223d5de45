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

let unsaved = 0;
let saving: Promise<unknown> = Promise.resolve();

/** What the backend has; while choices of this window are on their way, those hold. */
export function takeStored(stored: Appearance): void {
  if (unsaved === 0) applyPreferences(stored);
}

/** Holds at once, and is saved in the order of choosing. Rejects when the backend refuses; then what was before holds. */
export async function changePreferences(change: Partial<Appearance>): Promise<void> {
  const before = usePreferences.getState();
  applyPreferences({ ...before, ...change });
  unsaved += 1;
  const saved = saving.then(() => backend().settings.set(change));
  saving = saved.catch(() => undefined);
  try {
    await saved;
  } catch (thrown) {
    applyPreferences(before);
    throw thrown;
  } finally {
    unsaved -= 1;
  }
}

function remembered(): Appearance {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(storageKey) ?? '{}');
    return typeof stored === 'object' && stored !== null ? { ...usualAppearance, ...stored } : usualAppearance;
  } catch {
    return usualAppearance;
  }
}
