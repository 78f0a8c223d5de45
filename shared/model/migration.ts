/** A script or a section of one: where its text is, never the text of a file itself. */
export type Script = FileScript | TextScript;

interface ScriptBase {
  /** Relative to the source's root with `/`, for people and Problems. */
  readonly path: string;
  /** Line of its first character in that file, 1-based. */
  readonly line: number;
  /** SHA-256 of exactly its bytes, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Literal replacements applied to each statement before it is sent. */
  readonly replacements?: readonly { readonly search: string; readonly replacement: string }[];
}

export interface FileScript extends ScriptBase {
  readonly kind: 'file';
  /** Byte range in the file: start inclusive, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** SQL that is in no file: a rollback stored in a history table, SQL yielded by a program. */
export interface TextScript extends ScriptBase {
  readonly kind: 'text';
  readonly text: string;
}

export interface MigrationMetadata {
  readonly description?: string;
  readonly author?: string;
  /** As written by its author. */
  readonly date?: string;
  readonly issue?: string;
  /** Milliseconds, as estimated by its author. */
  readonly estimatedMs?: number;
  readonly requiresDowntime?: boolean;
  readonly affectedTables?: readonly string[];
  readonly affectedModules?: readonly string[];
  readonly dependencies?: readonly string[];
  readonly prerequisites?: readonly string[];
  readonly verification?: readonly string[];
  /** Shown before a run. */
  readonly notes?: string;
  readonly rollbackNotes?: string;
}

export interface Migration {
  /** What a person calls it. */
  readonly version: string;
  /** What the history table holds. */
  readonly historyKey: string;
  /** The rest of its name, e.g. `create_users`. */
  readonly name: string;
  readonly kind: 'versioned' | 'repeatable' | 'baseline';
  readonly up: Script;
  readonly down: Script | null;
  readonly verify: Script | null;
  /** Computed from the files as its tool does; null where the tool keeps none. */
  readonly checksum: string | null;
  /** False: the author opted out of a transaction for that direction. */
  readonly transaction: { readonly up: boolean; readonly down: boolean };
  readonly metadata: MigrationMetadata;
}

/** What was read from a folder: migrations in the tool's own order. */
export interface MigrationSource {
  /** Absolute path. */
  readonly root: string;
  readonly tool: string;
  readonly migrations: readonly Migration[];
  /** The application's version the source belongs to, where a manifest says so. */
  readonly applicationVersion: string | null;
}
