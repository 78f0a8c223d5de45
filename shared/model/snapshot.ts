import type { EngineId } from './environment.ts';

/** In an order in which they can be made; dropped they are the other way round. */
export const schemaObjectKinds = [
  'extension',
  'schema',
  'foreignServer',
  'collation',
  'type',
  'sequence',
  'routine',
  'table',
  'foreignTable',
  'column',
  'index',
  'constraint',
  'statistics',
  'view',
  'materializedView',
  'rule',
  'trigger',
  'policy',
  'event',
  'eventTrigger',
  'publication',
  'cast',
  'operator',
  'textSearch',
  'defaultPrivileges',
] as const;
export type SchemaObjectKind = (typeof schemaObjectKinds)[number];

/** One thing that a migration can make, change or drop. */
export interface SchemaObject {
  readonly kind: SchemaObjectKind;
  /** Qualified as the engine writes it in SQL; unique within its kind. */
  readonly name: string;
  /** The table that it belongs to, as that is named; null for what stands alone. */
  readonly table: string | null;
  /** What the server says of it, by word: `type`, `definition`, `comment` …; equal objects have equal facts. */
  readonly facts: Readonly<Record<string, string>>;
  /** A statement that makes it; null where only its table's can. */
  readonly create: string | null;
}

/** Everything that migrations can change of one database's schema, in a canonical order. */
export interface SchemaSnapshot {
  readonly engine: EngineId;
  readonly database: string;
  readonly serverVersion: string;
  /** ISO 8601 in UTC. */
  readonly takenAt: string;
  /** SHA-256 over all objects, lower-case hex: equal for equal schemas. */
  readonly sha256: string;
  readonly objects: readonly SchemaObject[];
}

/** What a comparison passes over. */
export interface SnapshotComparison {
  readonly columnOrder: boolean;
  readonly comments: boolean;
  readonly owners: boolean;
  readonly grants: boolean;
  /** Names that the server chose for constraints and indexes. */
  readonly generatedNames: boolean;
}

/** Owners and column order differ between environments without anything being wrong. */
export const usualComparison: SnapshotComparison = {
  columnOrder: true,
  comments: false,
  owners: true,
  grants: false,
  generatedNames: true,
};

export type SchemaChange =
  | { readonly change: 'added'; readonly after: SchemaObject }
  | { readonly change: 'removed'; readonly before: SchemaObject }
  | {
      readonly change: 'changed';
      readonly before: SchemaObject;
      readonly after: SchemaObject;
      /** Words of the facts that differ. */
      readonly facts: readonly string[];
    };

/** Two schemas, side by side. */
export interface SchemaDiff {
  readonly changes: readonly SchemaChange[];
  /** What was passed over, in words. */
  readonly ignored: readonly string[];
}

/** A schema as Lockkeeper left it, or as a person has accepted it. */
export interface RecordedSchema {
  /** Identity of server and database. */
  readonly serverId: string;
  readonly takenAt: string;
  /** Current version then; null: nothing was applied. */
  readonly version: string | null;
  readonly sha256: string;
  readonly why:
    | { readonly kind: 'run'; readonly run: string }
    | { readonly kind: 'accepted'; readonly by: string; readonly reason: string };
}

/** The live schema and the recorded one. */
export interface DriftReport {
  readonly environment: string;
  readonly database: string;
  /** Null: nothing was recorded yet, so there is nothing to compare with. */
  readonly recorded: RecordedSchema | null;
  readonly changes: readonly SchemaChange[];
  readonly ignored: readonly string[];
  readonly readAt: string;
}

/** Two schemas that a person wanted compared. */
export interface SchemaComparison extends SchemaDiff {
  readonly before: string;
  readonly after: string;
  /** SQL that leads from the first to the second; null for schemas of two engines. */
  readonly sql: string | null;
  /** What that SQL leaves for a person to write. */
  readonly unwritten: readonly string[];
}

/** A migration that was written from drift. */
export interface WrittenDifference {
  readonly tool: string;
  readonly source: string;
  /** Relative to the source. */
  readonly files: readonly string[];
  readonly version: string;
  /** What a person must add to its up. */
  readonly unwritten: readonly string[];
}
