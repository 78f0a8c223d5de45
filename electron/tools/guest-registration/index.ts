import type { Migration } from '../../../shared/model/migration.ts';
import { counted, sampled } from '../common/detecting.ts';
import { listFolder } from '../common/folder.ts';
import { hasColumns } from '../common/historyRows.ts';
import { printable } from '../common/problems.ts';
import { fileSlug, timestampVersion } from '../common/versions.ts';
import type { Detection, Tool } from '../tool.ts';
import { noRollback, readGuestRegistration } from './files.ts';
import { columns, guestRegistrationHistory } from './history.ts';

export const guestRegistration: Tool = {
  id: 'guest-registration',
  title: 'Guest Registration',
  engines: ['postgres', 'sqlite'],
  rules: {
    outOfOrder: 'allowed',
    downOrder: 'byHistory',
    transactional: true,
    retriesFailed: true,
    ownLock: null,
  },
  detect,
  read: readGuestRegistration,
  history: guestRegistrationHistory,
  recognises: (found) => found.length === columns.length && hasColumns(found, columns),
  scaffold(name, existing, at) {
    const stamp = timestampVersion(at);
    const path = `${stamp.slice(0, 8)}_${freeTime(existing, stamp.slice(8))}_${nextNumber(existing)}_${fileSlug(name)}.sql`;
    return [
      {
        path,
        text: `-- Migration: ${name.replace(/\s+/g, ' ')}\n-- Created: ${at.toISOString()}\n-- Up Migration\n\n\n-- Down Migration (Rollback)\n${noRollback}\n`,
      },
    ];
  },
};

const fileName = /^\d{8}_\d{6}_[^_]+_.*\.sql$/s;

async function detect(root: string): Promise<Detection | null> {
  const { files } = await listFolder(root);
  const named = files.filter((name) => fileName.test(name));
  const { looked, speaking } = await sampled(root, named, (head) => head.includes('-- Up Migration'));
  if (speaking === 0) return null;
  const evidence = [
    `${counted(named.length, 'file')} named by date, time, version and name, such as ${printable(named[0] ?? '')}`,
    `"-- Up Migration" in ${speaking} of ${looked} looked at`,
  ];
  return { certainty: 0.45 + (0.5 * speaking) / looked, evidence, migrations: named.length };
}

/** The time of day alone is the key in the history table: two files of different days may not share it. */
function freeTime(existing: readonly Migration[], wanted: string): string {
  const taken = new Set(existing.map((migration) => migration.historyKey));
  let seconds = Number(wanted);
  while (taken.has(String(seconds).padStart(6, '0'))) seconds++;
  return String(seconds).padStart(6, '0');
}

/** After `1.8.0_…` comes 1.9.0. */
function nextNumber(existing: readonly Migration[]): string {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(existing.at(-1)?.name ?? '') ?? [];
  return minor === undefined ? '1.0.0' : `${major ?? '1'}.${Number(minor) + 1}.0`;
}
