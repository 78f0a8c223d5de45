/** What the import dialog asks the backend for. */
import type { ImportInput } from '../../../shared/contract/inputs.ts';
import type { Tier } from '../../../shared/model/environment.ts';
import type { ImportCandidate } from '../../../shared/model/transfer.ts';

export interface ChosenFile {
  readonly name: string;
  readonly text: string;
}

export interface Choice {
  /** Paths on the computer Lockkeeper runs on. */
  readonly paths: readonly string[];
  readonly files: readonly ChosenFile[];
  readonly tier: Tier | null;
}

export const requestOf = ({ paths, files, tier }: Choice): ImportInput => ({
  pgpass: false,
  pgService: false,
  myCnf: false,
  file: null,
  files: [...paths],
  texts: [...files],
  tier,
});

/** `user@host:port/database`, or the file. */
export function placeOf({ environment: { connection } }: ImportCandidate): string {
  if (connection.engine === 'sqlite') return connection.file;
  const { user, host, port, database, ssh } = connection;
  const way = ssh === undefined ? '' : ` through ${ssh.host}`;
  return `${user === '' ? '' : `${user}@`}${host}:${port}/${database}${way}`;
}
