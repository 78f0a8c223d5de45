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
