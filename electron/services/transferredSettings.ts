/** Settings as part of an export, and what an import adds of them: never what holds already, never what belongs to one computer. */
import { type Tier, tiers } from '../../shared/model/environment.ts';
import type { SettingsLayer, SettingsLayers } from '../../shared/model/settings.ts';
import type { ImportedLayer } from '../../shared/model/transfer.ts';

/** Paths, programs and servers of one computer. From elsewhere they would say where dumps go, and what is run. */
const local = ['folder', 'dumpCommand', 'provingServer'] as const;

/** What of a layer travels. */
export function portable({ backup, hooks: _, ...layer }: SettingsLayer): SettingsLayer {
  if (backup === undefined) return layer;
  const kept = Object.fromEntries(Object.entries(backup).filter(([name]) => !isLocal(name)));
  return Object.keys(kept).length === 0 ? layer : { ...layer, backup: kept };
}

/** Names of what does not travel. */
export const leftAtHome = ({ backup = {}, hooks }: SettingsLayer): string[] => [
  ...Object.keys(backup)
    .filter(isLocal)
    .map((name) => `backup.${name}`),
  ...(hooks === undefined ? [] : ['hooks']),
];

const isLocal = (name: string): boolean => local.some((one) => one === name);

export const portableLayers = ({ workspace, tiers: byTier }: SettingsLayers): SettingsLayers => ({
  workspace: portable(workspace),
  tiers: Object.fromEntries(Object.entries(byTier).map(([tier, layer]) => [tier, portable(layer)])),
});

/** What a file says beyond what is set here. */
export function addedLayers(file: SettingsLayers, here: SettingsLayers): ImportedLayer[] {
  const scopes: readonly ('workspace' | Tier)[] = ['workspace', ...tiers];
  return scopes.flatMap((scope): ImportedLayer[] => {
    const added = beyond(portable(layerOf(file, scope)), layerOf(here, scope));
    return Object.keys(added).length === 0 ? [] : [{ scope, values: added }];
  });
}

export const layerOf = ({ workspace, tiers: byTier }: SettingsLayers, scope: ImportedLayer['scope']): SettingsLayer =>
  scope === 'workspace' ? workspace : (byTier[scope] ?? {});

/** `over` on `layer`; of the groups field by field. */
export const merged = (layer: SettingsLayer, over: SettingsLayer): SettingsLayer => ({
  ...layer,
  ...over,
  ...group(layer, over, 'protection'),
  ...group(layer, over, 'backup'),
  ...group(layer, over, 'backupRetention'),
});

type Group = 'protection' | 'backup' | 'backupRetention';

const group = (layer: SettingsLayer, over: SettingsLayer, name: Group): object =>
  layer[name] === undefined && over[name] === undefined ? {} : { [name]: { ...layer[name], ...over[name] } };

function beyond(layer: SettingsLayer, here: SettingsLayer): SettingsLayer {
  const fields = Object.entries(layer).flatMap(([name, value]): [string, unknown][] => {
    const set: unknown = here[name as keyof SettingsLayer];
    if (set === undefined) return [[name, value]];
    if (typeof value !== 'object' || value === null) return [];
    const more = Object.entries(value).filter(([field]) => !(field in Object(set)));
    return more.length === 0 ? [] : [[name, Object.fromEntries(more)]];
  });
  return Object.fromEntries(fields);
}
