/** Names of Flyway's files: prefix, version, separator, description, suffix (ResourceNameParser, MigrationVersion). */
import type { FlywaySettings } from './settings.ts';

export type FlywayName =
  | { readonly role: 'versioned' | 'undo' | 'baseline'; readonly version: string; readonly description: string }
  | { readonly role: 'repeatable'; readonly description: string }
  /** `runs`: it would run when migrating or undoing. */
  | { readonly role: 'callback'; readonly event: string; readonly runs: boolean }
  | { readonly role: 'invalid'; readonly wanted: string };

const operations =
  'Clean|Migrate|EachMigrate|EachMigrateStatement|Undo|EachUndo|EachUndoStatement|Validate|Baseline|Repair|Info|Connect';
const events = new RegExp(
  `^((?:before(?:${operations}|Repeatables))|(?:after(?:(?:${operations})(?:Error|OperationFinish)?|Versioned))|createSchema)$`,
);
const whileMigrating = /Migrate|Undo|Repeatables|Versioned|createSchema|Connect/;

/** Null: no file of Flyway's. `file`: without folders. */
export function parseName(file: string, settings: FlywaySettings): FlywayName | null {
  const suffix = settings.suffixes.find((one) => file.toLowerCase().endsWith(one.toLowerCase()));
  if (suffix === undefined) return null;
  const base = file.slice(0, file.length - suffix.length);
  const at = base.indexOf(settings.separator);
  const [head, rest] = at < 0 ? [base, ''] : [base.slice(0, at), base.slice(at + settings.separator.length)];
  if (events.test(head)) return { role: 'callback', event: head, runs: whileMigrating.test(head) };
  const roles = Object.entries(settings.prefixes) as [keyof FlywaySettings['prefixes'], string][];
  const fitting = roles.filter(([, prefix]) => base.startsWith(prefix));
  const [role, prefix] = fitting.sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  if (role === undefined || prefix === undefined) return null;
  const written = head.slice(prefix.length);
  const description = rest.replaceAll('_', ' ');
  if (role === 'repeatable') {
    const wanted = `${prefix}${settings.separator}description${suffix}`;
    return written === '' && at >= 0 ? { role, description } : { role: 'invalid', wanted };
  }
  if (!/^\d+(?:[._]\d+)*$/.test(written))
    return { role: 'invalid', wanted: `${prefix}1.2${settings.separator}description${suffix}` };
  return { role, version: written.replaceAll('_', '.'), description };
}
