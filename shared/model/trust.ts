import type { ProgramFile, ProgramPackage } from './migration.ts';

/** What a person is asked to trust: code that would be run. */
export interface ProgramContent {
  /** The migration's own file, relative to the source's root. */
  readonly path: string;
  /** SHA-256 over all of the below. */
  readonly digest: string;
  readonly files: readonly ProgramFile[];
  readonly packages: readonly Pick<ProgramPackage, 'name' | 'version' | 'sha256'>[];
}

/** Programs that nobody on this computer has trusted yet. */
export interface TrustRequest {
  /** SHA-256 over the programs' digests. */
  readonly digest: string;
  readonly programs: readonly ProgramContent[];
}
