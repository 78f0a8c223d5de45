/** Environments as a file for another workspace: protections, colours, groups and sources, never a secret. */
import { z } from 'zod';
import { environmentInput } from '../../shared/contract/inputs.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import type { TransferredEnvironment } from '../../shared/model/transfer.ts';
import { raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';

const format = 1;

const transfer = z.object({
  lockkeeperEnvironments: z.literal(format),
  environments: z.array(environmentInput.omit({ secret: true }).extend({ credential: z.enum(['none', 'ask']) })),
});

export interface ExportReport {
  readonly text: string;
  readonly environments: readonly string[];
  /** Placeholders that look like secrets and were left out, as `environment: name`. */
  readonly leftOut: readonly string[];
}

export function exportEnvironments(context: Context): ExportReport {
  const leftOut: string[] = [];
  const environments = context.workspace.environments.list().map((environment): TransferredEnvironment => {
    const { name, tier, colour, group, connection, protection, source, credential } = environment;
    const placeholders = Object.entries(source?.placeholders ?? {});
    const secret = placeholders.filter(([key]) => looksSecret.test(key)).map(([key]) => key);
    leftOut.push(...secret.map((key) => `${name}: ${key}`));
    const kept = Object.fromEntries(placeholders.filter(([key]) => !secret.includes(key)));
    return {
      name,
      tier,
      colour,
      group,
      connection,
      protection,
      source: source === null || placeholders.length === 0 ? source : { ...source, placeholders: kept },
      // A keychain belongs to its computer: elsewhere the password is asked for.
      credential: credential.kind === 'none' ? 'none' : 'ask',
    };
  });
  return {
    text: `${JSON.stringify({ lockkeeperEnvironments: format, environments }, null, 2)}\n`,
    environments: environments.map(({ name }) => name),
    leftOut,
  };
}

const looksSecret = /pass|secret|token|key|credential/i;

/** The environments of an export. What a file says beyond them is not taken. @throws {ProblemError} `usage.invalid` */
export function readTransfer(text: string, file: string): TransferredEnvironment[] {
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
  return parsed.data.environments.map(({ name, tier, colour, group, connection, protection, source, credential }) => ({
    name,
    tier,
    colour,
    group,
    connection,
    protection: { ...protectionByTier[tier], ...protection },
    source,
    credential,
  }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
