/** Environments and settings as a file for another workspace: protections, colours, groups and sources, never a secret. */
import { z } from 'zod';
import { environmentInput } from '../../shared/contract/inputs.ts';
import { settingsLayer } from '../../shared/contract/settings.ts';
import { protectionByTier, tiers } from '../../shared/model/environment.ts';
import { noLayers, type SettingsLayer, type SettingsLayers } from '../../shared/model/settings.ts';
import type { TransferredEnvironment } from '../../shared/model/transfer.ts';
import { raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { leftAtHome, portable, portableLayers } from './transferredSettings.ts';

const format = 1;

const transfer = z.object({
  lockkeeperEnvironments: z.literal(format),
  environments: z.array(
    environmentInput
      .omit({ secret: true })
      .extend({ credential: z.enum(['none', 'ask']), settings: settingsLayer.exactOptional() }),
  ),
  /** Of the workspace and its tiers; absent in what earlier versions wrote. */
  settings: z
    .object({ workspace: settingsLayer, tiers: z.partialRecord(z.enum(tiers), settingsLayer) })
    .exactOptional(),
});

/** What a file holds. */
export interface Transfer {
  readonly environments: readonly TransferredEnvironment[];
  readonly settings: SettingsLayers;
}

export interface ExportReport {
  readonly text: string;
  readonly environments: readonly string[];
  /** What belongs to this computer, and placeholders that look like secrets: left out, as `environment: name`. */
  readonly leftOut: readonly string[];
}

export function exportEnvironments(context: Context): ExportReport {
  const layers = context.workspace.settings.layers();
  const leftOut = layersOf(layers).flatMap(([scope, layer]) => leftAtHome(layer).map((one) => `${scope}: ${one}`));
  const environments = context.workspace.environments.list().map((environment): TransferredEnvironment => {
    const { name, tier, colour, group, connection, protection, settings, source, credential } = environment;
    const placeholders = Object.entries(source?.placeholders ?? {});
    const secret = placeholders.filter(([key]) => looksSecret.test(key)).map(([key]) => key);
    leftOut.push(...[...secret, ...leftAtHome(settings ?? {})].map((key) => `${name}: ${key}`));
    const kept = Object.fromEntries(placeholders.filter(([key]) => !secret.includes(key)));
    return {
      name,
      tier,
      colour,
      group,
      connection,
      protection,
      ...(settings === undefined ? {} : { settings: portable(settings) }),
      source: source === null || placeholders.length === 0 ? source : { ...source, placeholders: kept },
      // A keychain belongs to its computer: elsewhere the password is asked for.
      credential: credential.kind === 'none' ? 'none' : 'ask',
    };
  });
  return {
    text: `${JSON.stringify({ lockkeeperEnvironments: format, environments, settings: portableLayers(layers) }, null, 2)}\n`,
    environments: environments.map(({ name }) => name),
    leftOut,
  };
}

const layersOf = ({ workspace, tiers: byTier }: SettingsLayers): [string, SettingsLayer][] => [
  ['settings', workspace],
  ...Object.entries(byTier).map(([tier, layer]): [string, SettingsLayer] => [`settings of ${tier}`, layer]),
];

const looksSecret = /pass|secret|token|key|credential/i;

/** What an export holds; of what belongs to its computer nothing. @throws {ProblemError} `usage.invalid` */
export function readTransfer(text: string, file: string): Transfer {
  const parsed = transfer.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return raise({
      code: 'usage.invalid',
      message:
        `${file} is not an export of environments: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
      hint: 'Make one with: lockkeeper env export FILE',
      path: file,
    });
  }
  const environments = parsed.data.environments.map(
    ({ name, tier, colour, group, connection, protection, settings, source, credential }) => ({
      name,
      tier,
      colour,
      group,
      connection,
      protection: { ...protectionByTier[tier], ...protection },
      ...(settings === undefined ? {} : { settings: portable(settings) }),
      source,
      credential,
    }),
  );
  const { settings } = parsed.data;
  return { environments, settings: settings === undefined ? noLayers : portableLayers(settings) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
