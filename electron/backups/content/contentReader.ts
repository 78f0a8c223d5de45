// What a database holds, to be compared: at the moment a backup is taken, and on the copy that it was restored to.
import type { Backup } from '../../../shared/model/backup.ts';
import type { Connection } from '../../../shared/model/environment.ts';
import type { BackupContent, DigestForm, SequenceContent, TableContent } from '../../../shared/model/proof.ts';
import type { SchemaObject } from '../../../shared/model/snapshot.ts';
import { raise } from '../../../shared/problem.ts';
import { snapshotSha256 } from '../../engine/compareSnapshots.ts';
import type { Session } from '../../engine/ports.ts';
import type { TableRead } from './readTables.ts';

/** One engine's way to read it; `contentReaders.ts` lists them. */
export interface ContentReader {
  /** On a database that nobody else writes to. @throws {ServerFault} */
  read(copy: ReadableCopy, wanted: WantedDigests, signal: AbortSignal): Promise<ContentRead>;
  /** What checking an archive finds and comparing does not; absent: nothing. @throws {ProblemError} */
  check?(backup: Backup, connection: Connection, signal: AbortSignal): Promise<void>;
}

interface ReadableCopy {
  readonly session: Session;
  readonly connection: Connection;
  /** Another session on it, for asking only; the caller closes it. @throws {ProblemError} */
  open(): Promise<Session>;
}

/** Tables whose content is read, in the form in which it was recorded. */
export interface WantedDigests {
  readonly tables: ReadonlySet<string>;
  readonly form: DigestForm;
}

export interface ContentRead {
  readonly tables: readonly TableRead[];
  /** Positions by name. */
  readonly sequences: ReadonlyMap<string, string>;
}

/** What a taker needs to record what it takes. */
export interface Recording {
  readSchema(session: Session): Promise<SchemaObject[]>;
  /** Another session on the same database, for asking only. @throws {ProblemError} */
  open(): Promise<Session>;
}

interface Gathered extends Pick<BackupContent, 'digestForm'> {
  readonly schema: readonly SchemaObject[];
  readonly tables: readonly TableContent[];
  readonly sequences: readonly SequenceContent[];
  readonly database: BackupContent['database'];
}

export const contentOf = (gathered: Gathered): BackupContent => ({
  ...gathered,
  schemaSha256: snapshotSha256(gathered.schema),
});

/** Sequences that were there before and after. */
export const positions = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): SequenceContent[] =>
  [...before].flatMap(([sequence, position]) => {
    const later = after.get(sequence);
    return later === undefined ? [] : [{ sequence, before: position, after: later }];
  });

/** A schema that changes under a dump is in no snapshot. @throws {ProblemError} `backup.incomplete` */
export function requireSameSchema(before: readonly SchemaObject[], after: readonly SchemaObject[]): void {
  if (snapshotSha256(before) === snapshotSha256(after)) return;
  raise({
    code: 'backup.incomplete',
    message: 'The schema was changed while the backup was taken.',
    hint: 'Make sure that nobody changes the schema meanwhile, then take the backup again.',
  });
}
