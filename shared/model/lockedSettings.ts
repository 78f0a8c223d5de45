/** Which settings an administrator's file holds fast. Pure. */
import type { Tier } from './environment.ts';
import type { LockedLayers, SettingsLayer, SettingsLayers } from './settings.ts';

/** A setting by its path, as `protection.typedName`, with the file that locks it. */
export type LockedFields = ReadonlyMap<string, string>;

/** @param tier null: of the workspace */
export function lockedFields({ locked = [] }: SettingsLayers, tier: Tier | null): LockedFields {
  const layersOf = ({ workspace, tiers }: LockedLayers) => [workspace, ...(tier === null ? [] : [tiers[tier] ?? {}])];
  return new Map(
    locked.flatMap((one) => layersOf(one).flatMap((layer) => pathsOf(layer).map((path) => [path, one.file] as const))),
  );
}

const groups: ReadonlySet<string> = new Set(['protection', 'backup', 'backupRetention', 'onlineAlter']);

const pathsOf = (layer: SettingsLayer): string[] =>
  Object.entries(layer).flatMap(([name, value]) =>
    groups.has(name) ? Object.keys(value ?? {}).map((field) => `${name}.${field}`) : [name],
  );

/** The value at a path; undefined where the layer says nothing. */
function valueAt(layer: SettingsLayer, path: string): unknown {
  const [name = '', field] = path.split('.');
  const value: unknown = Reflect.get(layer, name);
  if (field === undefined) return value;
  return typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
}

/** The first locked setting in which the two differ. */
export const lockedChange = (fields: LockedFields, before: SettingsLayer, after: SettingsLayer): string | null =>
  [...fields.keys()].find((path) => JSON.stringify(valueAt(before, path)) !== JSON.stringify(valueAt(after, path))) ??
  null;
