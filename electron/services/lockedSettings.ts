/** What an administrator's file holds fast cannot be changed by any way in. */
import type { Tier } from '../../shared/model/environment.ts';
import { lockedChange, lockedFields } from '../../shared/model/lockedSettings.ts';
import type { SettingsLayer } from '../../shared/model/settings.ts';
import { raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';

/** @param tier null: of the workspace @throws {ProblemError} `settings.locked` */
export function requireUnlocked(
  { workspace }: Context,
  tier: Tier | null,
  before: SettingsLayer,
  after: SettingsLayer,
): void {
  const fields = lockedFields(workspace.settings.layers(), tier);
  const changed = lockedChange(fields, before, after);
  if (changed === null) return;
  raise({
    code: 'settings.locked',
    message: `The setting ${changed} is locked by ${fields.get(changed)}.`,
    hint: 'Ask whoever administers this computer to change that file.',
  });
}
