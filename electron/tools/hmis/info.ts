/** HMIS's migration-info.json: loosely typed by its authors (a list or a text, a number or a text), unknown fields ignored. */
import type { MigrationMetadata } from '../../../shared/model/migration.ts';
import type { JsonObject } from '../common/json.ts';

export interface Info {
  /** The key in the history table; null where the file names none. */
  readonly version: string | null;
  readonly metadata: MigrationMetadata;
}

export function infoOf(json: JsonObject): Info {
  const minutes = Number(textOf(json.estimatedDurationMinutes) ?? Number.NaN);
  const optional: { [K in keyof MigrationMetadata]: MigrationMetadata[K] | null } = {
    description: textOf(json.description),
    author: textOf(json.author),
    date: textOf(json.date),
    issue: textOf(json.githubIssue),
    estimatedMs: Number.isFinite(minutes) ? Math.round(minutes * 60_000) : null,
    requiresDowntime: typeof json.requiresDowntime === 'boolean' ? json.requiresDowntime : null,
    affectedTables: listOf(json.affectedTables),
    affectedModules: listOf(json.affectedModules),
    dependencies: listOf(json.dependencies),
    prerequisites: listOf(json.preRequisites),
    verification: listOf(json.postMigrationVerification),
    notes: textOf(json.technicalNotes),
    rollbackNotes: textOf(json.rollbackNotes),
  };
  const present = Object.entries(optional).filter(([, value]) => value !== null);
  return { version: textOf(json.version), metadata: Object.fromEntries(present) };
}

function textOf(value: unknown): string | null {
  if (Array.isArray(value)) return listOf(value)?.join('\n') ?? null;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function listOf(value: unknown): string[] | null {
  if (typeof value === 'string' && value.trim() !== '') return [value.trim()];
  if (!Array.isArray(value)) return null;
  const items = value.filter((item) => typeof item === 'string' || typeof item === 'number').map(String);
  return items.length === 0 ? null : items;
}
