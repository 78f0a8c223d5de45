import type { Environment, Protection, Tier } from '../../shared/model/environment.ts';
import { type EnvironmentSettings, settingsFor } from '../../shared/model/settings.ts';
import type { Context } from './context.ts';

/** What holds for an environment, stored or ad hoc. @throws {ProblemError} `workspace.damaged` */
export const settingsOf = (
  { workspace }: Pick<Context, 'workspace'>,
  { tier, settings }: Pick<Environment, 'tier' | 'settings'>,
): EnvironmentSettings => settingsFor(workspace.settings.layers(), tier, settings);

/** What an environment of the tier has unless it chose otherwise. */
export const inheritedProtection = (context: Pick<Context, 'workspace'>, tier: Tier): Protection =>
  settingsOf(context, { tier }).protection;
