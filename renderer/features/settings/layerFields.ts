/** Every setting that workspace, tier and environment may say, and which of them says it. Pure. */
import { archiveFormats, backupLevels, compressionLevels } from '../../../shared/model/backup.ts';
import { type ChangeWindow, changeWindowWords, type Freeze } from '../../../shared/model/changeWindow.ts';
import type { Tier } from '../../../shared/model/environment.ts';
import type { Hook } from '../../../shared/model/hook.ts';
import {
  applyAtStartChoices,
  type EnvironmentSettings,
  foreignKeyMethods,
  onlineAlterPrograms,
  type SettingsLayer,
  type SettingsLayers,
} from '../../../shared/model/settings.ts';
import { formatFullTime, formatNumber } from '../../format.ts';
import { formatWords, gateBackupWords, tierWords } from '../../texts.ts';

/** Where a setting is in a layer: its group, or itself, then its name in the group. */
export type SettingPath = readonly [keyof EnvironmentSettings] | readonly [keyof EnvironmentSettings, string];

interface FieldBase {
  readonly path: SettingPath;
  readonly label: string;
  readonly help: string;
}

export type SettingField = FieldBase &
  (
    | { readonly kind: 'switch' }
    | { readonly kind: 'choice'; readonly options: readonly { readonly value: string; readonly label: string }[] }
    /** `none`: what no number means; absent: there must be one. */
    | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly none?: string }
    | { readonly kind: 'folder'; readonly none: string }
    | { readonly kind: 'command' }
    | { readonly kind: 'hooks' }
    /** Codes of hazards. */
    | { readonly kind: 'codes' }
    | { readonly kind: 'windows' }
    | { readonly kind: 'freeze' }
  );

export interface SettingGroup {
  readonly title: string;
  readonly fields: readonly SettingField[];
}

const atStart: Readonly<Record<(typeof applyAtStartChoices)[number], string>> = {
  never: 'Never by itself',
  apply: 'Apply what is pending',
  failHard: 'Apply it, and do not open if that fails',
};
const onlineAlter: Readonly<Record<(typeof onlineAlterPrograms)[number], string>> = {
  none: 'The server',
  'pt-osc': 'pt-online-schema-change',
  'gh-ost': 'gh-ost',
};
const foreignKeys: Readonly<Record<(typeof foreignKeyMethods)[number], string>> = {
  refuse: 'Refuse to begin',
  rebuild: 'Rebuild them (blocks those tables)',
  dropSwap: 'Drop and rename (a moment without the table)',
};
const manyDays = 100_000;

export const settingGroups: readonly SettingGroup[] = [
  {
    title: 'Before anything is changed',
    fields: [
      {
        path: ['protection', 'backup'],
        kind: 'choice',
        label: 'Backup',
        help: 'What must be there before a run, a rollback, a repair or a restore.',
        options: (['none', ...backupLevels] as const).map((value) => ({ value, label: gateBackupWords[value] })),
      },
      {
        path: ['protection', 'typedName'],
        kind: 'switch',
        label: 'Typed name',
        help: 'The environment’s name is typed to confirm.',
      },
      {
        path: ['protection', 'reason'],
        kind: 'switch',
        label: 'Reason',
        help: 'Somebody says why; it is kept in the history.',
      },
      {
        path: ['protection', 'acceptHazards'],
        kind: 'switch',
        label: 'Hazards accepted one by one',
        help: 'Those of severity “danger” are ticked by their kind.',
      },
      {
        path: ['protection', 'rehearsalHours'],
        kind: 'number',
        least: 1,
        most: 8760,
        none: 'not asked for',
        label: 'Rehearsal within, hours',
        help: 'The plan was rehearsed on a copy of this database not longer ago.',
      },
      {
        path: ['protection', 'approvalHours'],
        kind: 'number',
        least: 1,
        most: 8760,
        none: 'not asked for',
        label: 'Second person within, hours',
        help: 'Somebody else approves exactly this plan on another computer; their signature holds so long.',
      },
      {
        path: ['protection', 'changeWindows'],
        kind: 'windows',
        label: 'Change windows',
        help: 'Changes begin inside of one of them; without any, at any time.',
      },
      {
        path: ['protection', 'freeze'],
        kind: 'freeze',
        label: 'Freeze',
        help: 'Until its end nothing is changed.',
      },
      {
        path: ['protection', 'allowedHazards'],
        kind: 'codes',
        label: 'Hazards allowed',
        help: 'Codes that nobody needs to accept.',
      },
      {
        path: ['protection', 'forbiddenHazards'],
        kind: 'codes',
        label: 'Hazards for administrators',
        help: 'Codes that nobody else may accept, whatever a file says.',
      },
      { path: ['protection', 'readOnly'], kind: 'switch', label: 'Read only', help: 'Nothing may be changed at all.' },
      {
        path: ['administratorOnly'],
        kind: 'switch',
        label: 'Administrators only',
        help: 'Others see everything and change nothing.',
      },
    ],
  },
  {
    title: 'Runs',
    fields: [
      {
        path: ['applyAtStart'],
        kind: 'choice',
        label: 'When Lockkeeper opens',
        help: 'A protected environment applies nothing by itself but while one of its change windows is open.',
        options: applyAtStartChoices.map((value) => ({ value, label: atStart[value] })),
      },
      {
        path: ['lockTimeoutMs'],
        kind: 'number',
        least: 100,
        most: 600_000,
        label: 'Waiting for a lock (milliseconds)',
        help: 'A statement that waits longer for somebody else’s lock gives up and is tried again. Concurrent builds wait without limit.',
      },
      {
        path: ['lockAttempts'],
        kind: 'number',
        least: 1,
        most: 100,
        label: 'Tries for a lock',
        help: 'How often in all, with a pause between that grows.',
      },
      {
        path: ['onlineAlter', 'program'],
        kind: 'choice',
        label: 'Big tables of MySQL and MariaDB',
        help: 'Who changes a table that would be written anew: the server, or a program that is installed on this computer and copies it while others work.',
        options: onlineAlterPrograms.map((value) => ({ value, label: onlineAlter[value] })),
      },
      {
        path: ['onlineAlter', 'fromMegabytes'],
        kind: 'number',
        least: 0,
        most: 100_000_000,
        label: 'Big from (megabytes)',
        help: 'Of the table with its indexes.',
      },
      {
        path: ['onlineAlter', 'foreignKeys'],
        kind: 'choice',
        label: 'Tables that refer to a big one',
        help: 'What becomes of their foreign keys when the copy takes the table’s place.',
        options: foreignKeyMethods.map((value) => ({ value, label: foreignKeys[value] })),
      },
      {
        path: ['onlineAlter', 'pauseAbove'],
        kind: 'number',
        least: 1,
        most: 100_000,
        label: 'Pause copying above (threads)',
        help: 'Threads that the server has at work.',
      },
      {
        path: ['onlineAlter', 'stopAbove'],
        kind: 'number',
        least: 1,
        most: 100_000,
        label: 'Give copying up above (threads)',
        help: 'Then the table stays as it was.',
      },
      {
        path: ['onlineAlter', 'maxLagSeconds'],
        kind: 'number',
        least: 1,
        most: 100_000,
        label: 'Pause copying behind (seconds)',
        help: 'How far a replica may be behind.',
      },
      {
        path: ['onlineAlter', 'portionMs'],
        kind: 'number',
        least: 10,
        most: 60_000,
        label: 'Copying a portion of rows (milliseconds)',
        help: 'Portions are made so big that each takes about so long.',
      },
      {
        path: ['progress'],
        kind: 'switch',
        label: 'Progress',
        help: 'Runs tell how far they are, statement by statement.',
      },
      {
        path: ['detailedLogs'],
        kind: 'switch',
        label: 'Detailed logs',
        help: 'Logs keep notices and the results of the scripts’ own SELECTs.',
      },
      {
        path: ['logRetentionDays'],
        kind: 'number',
        least: 1,
        most: manyDays,
        none: 'for ever',
        label: 'Logs are kept, days',
        help: 'What a run did stays in the history in any case.',
      },
      {
        path: ['rehearsalRetentionDays'],
        kind: 'number',
        least: 1,
        most: manyDays,
        none: 'five of each plan',
        label: 'Rehearsals are kept, days',
        help: 'Never the newest of an environment, nor one that still counts.',
      },
      {
        path: ['schemaRetentionDays'],
        kind: 'number',
        least: 1,
        most: manyDays,
        none: '200 of each database',
        label: 'Recorded schemas are kept, days',
        help: 'Never the last one of a database: drift is found by it.',
      },
    ],
  },
  {
    title: 'Before and after runs',
    fields: [
      {
        path: ['hooks'],
        kind: 'hooks',
        label: 'Hooks',
        help: 'Of migrations, rollbacks and restores. An environment that says any has those only.',
      },
    ],
  },
  {
    title: 'Backups',
    fields: [
      {
        path: ['backup', 'folder'],
        kind: 'folder',
        none: 'backups in the data directory',
        label: 'Folder',
        help: 'Where archives are written; earlier ones stay where they are.',
      },
      {
        path: ['backup', 'format'],
        kind: 'choice',
        label: 'Format',
        help: 'PostgreSQL only; MySQL and MariaDB have SQL text, SQLite its own file.',
        options: archiveFormats.map((value) => ({ value, label: formatWords[value] })),
      },
      {
        path: ['backup', 'compression'],
        kind: 'number',
        least: compressionLevels.least,
        most: compressionLevels.most,
        label: 'Compression',
        help: `From ${compressionLevels.least}, as fast as the dump, to ${compressionLevels.most}, slow and a little smaller.`,
      },
      {
        path: ['backup', 'encrypted'],
        kind: 'switch',
        label: 'Encrypted',
        help: 'With the key under Encryption of backups.',
      },
      {
        path: ['backup', 'dumpCommand'],
        kind: 'command',
        label: 'Dump program elsewhere',
        help: 'For a database in a container or behind SSH: the command that reaches its dump program.',
      },
    ],
  },
  {
    title: 'How long backups stay',
    fields: [
      {
        path: ['backupRetention', 'days'],
        kind: 'number',
        least: 1,
        most: manyDays,
        none: 'for ever',
        label: 'At least, days',
        help: 'Older ones are removed, never the newest good one.',
      },
      {
        path: ['backupRetention', 'count'],
        kind: 'number',
        least: 1,
        most: manyDays,
        none: 'no number',
        label: 'At least, number',
        help: 'So many whole, sound ones stay whatever their age.',
      },
      {
        path: ['backupRetention', 'undoDays'],
        kind: 'number',
        least: 1,
        most: manyDays,
        label: 'As the undo of a run, days',
        help: 'The backup taken before a run stays at least so long.',
      },
    ],
  },
];

/** Undefined: the layer does not say. */
export function valueAt(layer: SettingsLayer, [group, name]: SettingPath): unknown {
  const value: unknown = layer[group];
  if (name === undefined) return value;
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

export const isFreeze = (value: unknown): value is Freeze =>
  typeof value === 'object' && value !== null && 'until' in value;

/** A value as a person reads it. */
export function wordsOf(field: SettingField, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (field.kind === 'choice') return field.options.find((option) => option.value === value)?.label ?? String(value);
  if (field.kind === 'windows')
    return (value as readonly ChangeWindow[] | undefined)?.map(changeWindowWords).join('; ') || 'at any time';
  if (field.kind === 'codes') return (value as readonly string[] | undefined)?.join(', ') || 'none';
  if (field.kind === 'freeze') return isFreeze(value) ? `until ${formatFullTime(value.until)}` : 'not frozen';
  if (value === undefined) return 'none';
  if (value === null) return 'none' in field && field.none !== undefined ? field.none : 'none';
  if (field.kind === 'hooks' && Array.isArray(value))
    return value.length === 0 ? 'none' : (value as readonly Hook[]).map(({ name }) => name).join(', ');
  return typeof value === 'number' ? formatNumber(value) : String(value);
}

/** The layer with one more said; `undefined` says no more of it, and an empty group goes. */
export function withValue(layer: SettingsLayer, [group, name]: SettingPath, value: unknown): SettingsLayer {
  if (name === undefined) return without(layer, group, value);
  const inner: unknown = layer[group];
  const changed = without(typeof inner === 'object' && inner !== null ? inner : {}, name, value);
  return without(layer, group, Object.keys(changed).length === 0 ? undefined : changed);
}

function without<T extends object>(object: T, key: string, value: unknown): T {
  const rest = Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  // The backend checks every value by its schema before it is stored.
  return (value === undefined ? rest : { ...rest, [key]: value }) as T;
}

/** Which layers are laid over each other for one scope, lowest first. */
export interface Standing {
  readonly tier: Tier | null;
  readonly layers: SettingsLayers;
  /** An environment's own layer. */
  readonly own: SettingsLayer | null;
}

/** Whose word holds, in words: `here`, or where it comes from. */
export function originOf({ tier, layers, own }: Standing, path: SettingPath): 'here' | string {
  const says = (layer: SettingsLayer | undefined): boolean => layer !== undefined && valueAt(layer, path) !== undefined;
  if (own !== null && says(own)) return 'here';
  if (tier !== null && says(layers.tiers[tier])) return own === null ? 'here' : `from ${tierWords[tier]}`;
  if (says(layers.workspace)) return own === null && tier === null ? 'here' : 'from the workspace';
  return path[0] === 'protection' && tier !== null ? `built in for ${tierWords[tier]}` : 'built in';
}
