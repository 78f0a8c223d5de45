import type { settingsLayer } from '../../shared/contract/settings.ts';
import { type Tier, tiers } from '../../shared/model/environment.ts';
import type { LockedLayers, SettingsLayer, SettingsLayers } from '../../shared/model/settings.ts';
import { raise } from '../../shared/problem.ts';
import type { Store } from './store.ts';

const workspaceKey = 'layer.workspace';
const tierKey = (tier: Tier): string => `layer.tier.${tier}`;

const setValue =
  'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';

/** Values of any kind by key. */
export class Settings {
  readonly #store: Store;
  readonly #locked: readonly LockedLayers[];
  #schema: typeof settingsLayer | null = null;

  constructor(store: Store, locked: readonly LockedLayers[] = []) {
    this.#store = store;
    this.#locked = locked;
  }

  /**
   * Loads what checks stored layers, where there are any: most workspaces have none, and loading it takes longer than a
   * question does. What is stored while a command runs was checked by whoever stored it.
   * @param always for a process that lives on: a layer that comes later is checked, too
   */
  async prepare(always: boolean): Promise<void> {
    if (always || [workspaceKey, ...tiers.map(tierKey)].some((key) => this.get(key) !== null))
      this.#schema = (await import('../../shared/contract/settings.ts')).settingsLayer;
  }

  /** As it was set by whoever owns the key; null when it was not. */
  get<T>(key: string): T | null {
    const found = this.#store.text('SELECT value FROM settings WHERE key = ?', key);
    return found === null ? null : (JSON.parse(found) as T);
  }

  set(key: string, value: unknown): void {
    this.#store.write(setValue, key, JSON.stringify(value));
  }

  /** What can be found out anew. */
  note(key: string, value: unknown): void {
    this.#store.note(setValue, key, JSON.stringify(value));
  }

  remove(key: string): void {
    this.#store.write('DELETE FROM settings WHERE key = ?', key);
  }

  /** What workspace and tiers say of environments. @throws {ProblemError} `workspace.damaged` */
  layers(): SettingsLayers {
    const found = tiers.map((tier) => [tier, this.#layer(tierKey(tier))] as const);
    const layers = { workspace: this.#layer(workspaceKey), tiers: Object.fromEntries(found) };
    return this.#locked.length === 0 ? layers : { ...layers, locked: this.#locked };
  }

  setWorkspaceLayer(layer: SettingsLayer): void {
    this.set(workspaceKey, layer);
  }

  setTierLayer(tier: Tier, layer: SettingsLayer): void {
    this.set(tierKey(tier), layer);
  }

  #layer(key: string): SettingsLayer {
    const stored = this.get<SettingsLayer>(key);
    if (stored === null) return {};
    if (this.#schema === null) return stored;
    const parsed = this.#schema.safeParse(stored);
    // To leave them out could take a protection away that somebody relies on.
    return parsed.success
      ? parsed.data
      : raise({
          code: 'workspace.damaged',
          message: `The stored settings “${key}” cannot be read.`,
          hint: 'Save them again in Settings.',
        });
  }
}
