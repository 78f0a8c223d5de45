import type { Condition } from './condition.ts';
import type { StatementDirective } from './directive.ts';
import type { EngineId } from './environment.ts';

/** A script or a section of one: where its text is, never the text of a file itself. */
export type Script = FileScript | TextScript | ProgramScript;

interface ScriptBase {
  /** Relative to the source's root with `/`, for people and Problems. */
  readonly path: string;
  /** Line of its first character in that file, 1-based. */
  readonly line: number;
  /** SHA-256 of exactly its bytes, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** True: `${name}` in it stands for a value. */
  readonly placeholders?: boolean;
  /** By line. */
  readonly directives?: readonly StatementDirective[];
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

/** A function of a program: what it does is known only by running it. */
export interface ProgramScript extends ScriptBase {
  readonly kind: 'program';
  readonly direction: 'up' | 'down';
  /** `sha256` of such a script is the digest of all of it. */
  readonly program: Program;
}

/**
 * A JavaScript or TypeScript file with everything it can load. It runs in a process of its own, and only after a person
 * trusted exactly this content.
 */
export interface Program {
  /** What is trusted: SHA-256 over names and content of all files and packages, lower-case hex. */
  readonly digest: string;
  /**
   * `handle`: with `query`, `log` and `progress`. `pgm`: with node-pg-migrate's builder, which collects SQL. Else with what
   * the project's own library gives a migration, over a stand-in of its database driver.
   */
  readonly calledWith: 'handle' | 'pgm' | LibraryName;
  /** Present: it is not called at all; the project's own command runs it, over a connection of its own. */
  readonly command?: Command;
  /** Itself first; paths relative to the source's root with `/`, also upwards. */
  readonly files: readonly ProgramFile[];
  /** Everything that imports from packages may reach. */
  readonly packages: readonly ProgramPackage[];
  /** By importing file and specifier, the file that is meant. */
  readonly links: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Files loaded before it, in order, for what they export to those after them. */
  readonly before: readonly string[];
  /** Folder of the library that it is called with. */
  readonly library: string | null;
  /** Names that its files take from the library, names of types among them. */
  readonly libraryNames: readonly string[];
  /** Of the database that it is for; null where it makes no difference. */
  readonly engine: EngineId | null;
}

/** A command of the project's own Python. */
export interface Command {
  /** Title of its tool. */
  readonly tool: string;
  readonly args: readonly string[];
  /** Prints the SQL that it would send, and changes nothing; null: there is none. */
  readonly preview: readonly string[] | null;
  readonly check: CommandCheck | null;
}

/** Prints what is applied in the database that the command reaches, and changes nothing. */
export interface CommandCheck {
  readonly args: readonly string[];
  /** Of a printed line: a regular expression whose first group is the key of an applied migration. */
  readonly applied: string;
  /** Keys that it prints when they are applied; null: all that the history table holds. */
  readonly keys: readonly string[] | null;
}

/** Libraries whose migrations run through the project's own installation of them. */
export type LibraryName = 'knex' | 'sequelize' | 'typeorm';

export interface ProgramFile {
  readonly path: string;
  readonly sha256: string;
  /** Code is loaded, data may only be read. */
  readonly role: 'code' | 'data';
}

export interface ProgramPackage {
  readonly name: string;
  readonly version: string;
  /** Over names and content of all its files. */
  readonly sha256: string;
  /** Absolute path. */
  readonly folder: string;
  /** Paths of links in `node_modules` that lead to it. */
  readonly links: readonly string[];
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
  /** Migrations that must not be in one database with it. */
  readonly conflicts?: readonly string[];
  readonly prerequisites?: readonly string[];
  readonly verification?: readonly string[];
  /** Shown before a run. */
  readonly notes?: string;
  readonly rollbackNotes?: string;
  /** Milliseconds that each of its statements may take. */
  readonly statementTimeoutMs?: number;
  /** What users of the application notice of it. */
  readonly changes?: readonly string[];
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
  /** `historyKey` of the one before it, null for the first: what a history that holds a position says after its rollback. */
  readonly previousKey?: string | null;
  /** What the history table names its file; absent: `up.path`. */
  readonly recordedAs?: string;
  /** Computed from the files as its tool does; null where the tool keeps none. */
  readonly checksum: string | null;
  /** Further recorded checksums that stand for the same content: other line ends, an older algorithm of the tool. */
  readonly otherChecksums?: readonly string[];
  /** Why it can be listed but not run: in Go, in Ruby, or a change type that we do not know. */
  readonly notRunnable?: string;
  /** Why it is not meant for this database: its context, label or engine. */
  readonly ignored?: string;
  /** May be applied after newer ones, whatever its tool's rule for the others. */
  readonly anyOrder?: true;
  /** Applied again when it has changed. */
  readonly runOnChange?: true;
  /** Further columns of its tool's history table that its files fill, by the tool's own names for them. */
  readonly recorded?: Readonly<Record<string, string | null>>;
  /** Asked of the database right before it is applied. */
  readonly condition?: Condition;
  /** Applied again with every run, whatever its checksum. */
  readonly runAlways?: true;
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
  /** Versions of the application that the source tells of, oldest first. */
  readonly applications: readonly ApplicationVersion[];
}

/** A version of the application, with the database that it needs. */
export interface ApplicationVersion {
  readonly version: string;
  /** Version of the last migration that belongs to it. */
  readonly database: string;
  /** Version of the newest database that it still suits; absent: nobody has said it. */
  readonly until?: string;
  /** As written by its author. */
  readonly date: string | null;
  /** What came with it, in its authors' words. */
  readonly changes: readonly string[];
}
