/** Protections as words of the command line: `name reason backup=checked window=sat,sun@22:00-04:00@Europe/Berlin`. */
import { z } from 'zod';
import { protectionFields } from '../../shared/contract/protection.ts';
import { type ChangeWindow, changeWindowWords, weekdays } from '../../shared/model/changeWindow.ts';
import { type Protection, protectionByTier } from '../../shared/model/environment.ts';
import { raise } from '../../shared/problem.ts';

export const protectHelp =
  'name, reason, hazards, rehearsal, read-only, backup=none|taken|checked|proven, external-backups, approval[=HOURS], ' +
  'window=DAYS@HH:MM-HH:MM@ZONE (several), allow=CODE, forbid=CODE; instead of what the tier says; none, or tier: as the tier says';

const none: Protection = {
  ...protectionByTier.development,
  changeWindows: [],
  freeze: null,
  allowedHazards: [],
  forbiddenHazards: [],
  approvalHours: null,
};

const flags: Readonly<Record<string, Partial<Protection>>> = {
  none,
  name: { typedName: true },
  reason: { reason: true },
  hazards: { acceptHazards: true },
  rehearsal: { rehearsalHours: 24 },
  'read-only': { readOnly: true },
  'external-backups': { externalBackups: true },
  approval: { approvalHours: 72 },
  'backup=none': { backup: 'none' },
  'backup=taken': { backup: 'taken' },
  'backup=checked': { backup: 'checked' },
  'backup=proven': { backup: 'proven' },
};

/** Null: as the tier says. @throws {ProblemError} `usage.invalid` */
export function protectionFrom(words: readonly string[]): Protection | null {
  if (words.length === 1 && words[0] === 'tier') return null;
  let protection = none;
  for (const word of words) protection = { ...protection, ...said(word, protection) };
  return protection;
}

function said(word: string, { changeWindows = [], allowedHazards = [], forbiddenHazards = [] }: Protection) {
  const flag = Object.hasOwn(flags, word) ? flags[word] : undefined;
  if (flag !== undefined) return flag;
  const at = word.indexOf('=');
  const value = word.slice(at + 1);
  const values = new Map<string, object>([
    ['window', { changeWindows: [...changeWindows, windowFrom(value)] }],
    ['allow', { allowedHazards: [...allowedHazards, value] }],
    ['forbid', { forbiddenHazards: [...forbiddenHazards, value] }],
    ['approval', { approvalHours: Number(value) }],
  ]);
  const read = protectionSaid.safeParse(values.get(at < 0 ? '' : word.slice(0, at)));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return raise({
    code: 'usage.invalid',
    message: `“${word}” is no protection${issue !== undefined && issue.path.length > 0 ? `: ${issue.message}` : ''}.`,
    hint: `Use ${protectHelp}.`,
  });
}

const protectionSaid = z.object({
  changeWindows: protectionFields.changeWindows,
  allowedHazards: protectionFields.allowedHazards,
  forbiddenHazards: protectionFields.forbiddenHazards,
  approvalHours: protectionFields.approvalHours,
});

/** `sat,sun@22:00-04:00@Europe/Berlin`; `daily` is every day. What is wrong with it the schema tells. */
function windowFrom(text: string) {
  const [days = '', times = '', timeZone = ''] = text.split('@');
  const [from, to] = times.split('-');
  const named = days === 'daily' ? [...weekdays] : days.split(',').map(dayFrom);
  return { days: named, from, to, timeZone };
}

const dayFrom = (text: string): string =>
  weekdays.find((day) => text.length >= 3 && day.startsWith(text.toLowerCase())) ?? text;

export const describeProtection = (protection: Protection): string =>
  [
    protection.typedName ? 'typed name' : '',
    protection.reason ? 'reason' : '',
    protection.backup === 'none' ? '' : `backup ${protection.backup}`,
    protection.acceptHazards ? 'hazards accepted' : '',
    listed('hazards allowed', protection.allowedHazards),
    listed('hazards for administrators only', protection.forbiddenHazards),
    protection.rehearsalHours === null ? '' : `rehearsal of the last ${protection.rehearsalHours} h`,
    protection.approvalHours == null ? '' : `approval of the last ${protection.approvalHours} h`,
    listed(
      'only in',
      protection.changeWindows?.map((window: ChangeWindow) => changeWindowWords(window)),
    ),
    protection.freeze == null
      ? ''
      : `frozen until ${protection.freeze.until} (${protection.freeze.by}: ${protection.freeze.reason})`,
    protection.readOnly ? 'read-only' : '',
  ]
    .filter(Boolean)
    .join(', ') || 'none';

const listed = (title: string, values: readonly string[] = []): string =>
  values.length === 0 ? '' : `${title} ${values.join(' and ')}`;
