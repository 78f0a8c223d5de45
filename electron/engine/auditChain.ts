/** The audit log as a hash chain: each entry's hash covers it and the hash before, so that the last one covers all. */
import { createHash } from 'node:crypto';
import type { AuditFinding, AuditHead } from '../../shared/model/audit.ts';

/** As it is stored; `detail` is JSON text. */
export interface StoredEntry {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly environment: string | null;
  readonly run: string | null;
  readonly detail: string;
  readonly hash: string;
}

/** What the hash of an entry is made of, as one text that no other entry has. */
export type EntryFacts = Pick<StoredEntry, 'at' | 'actor' | 'action' | 'environment' | 'run' | 'detail'>;

/** SHA-256 in lower-case hexadecimal. `previous`: the hash of the entry before; empty for the first. */
export const entryHash = (previous: string, { at, actor, action, environment, run, detail }: EntryFacts): string =>
  createHash('sha256')
    .update(`${previous}\n${JSON.stringify([at, actor, action, environment, run, detail])}`)
    .digest('hex');

/** Where the log was once, by a witness that is not the log. */
export interface Witnessed {
  readonly head: Pick<AuditHead, 'entry' | 'hash'>;
  /** Who says so, as a person reads it: `checkpoint of …`, `run … in shop`. */
  readonly witness: string;
}

/**
 * Everything in which the log is not what was written: an entry changed, moved, removed or put in between breaks the
 * chain; what was cut off its end, or written anew as a whole, only a witness can tell.
 * @param entries in the order of their numbers
 */
export function checkChain(entries: Iterable<StoredEntry>, witnesses: readonly Witnessed[]): AuditFinding[] {
  const findings: AuditFinding[] = [];
  const awaited = Map.groupBy(witnesses, ({ head }) => head.entry);
  let previous = '';
  let last = 0;
  for (const entry of entries) {
    if (entry.hash !== entryHash(previous, entry))
      findings.push({ kind: 'broken', entry: entry.id, detail: brokenAt(entry.id, last) });
    for (const { head, witness } of awaited.get(entry.id) ?? [])
      if (head.hash !== entry.hash)
        findings.push({ kind: 'rewritten', entry: entry.id, detail: `${witness} tells of another entry ${entry.id}.` });
    awaited.delete(entry.id);
    previous = entry.hash;
    last = entry.id;
  }
  for (const { head, witness } of [...awaited.values()].flat())
    findings.push({
      kind: head.entry > last ? 'cutOff' : 'removed',
      entry: head.entry,
      detail: `${witness} tells of entry ${head.entry}, which is not there${head.entry > last ? `: the log ends at ${last}` : ''}.`,
    });
  return findings;
}

const brokenAt = (id: number, last: number): string =>
  id === last + 1
    ? `Entry ${id}, or one before it, is not as it was written.`
    : `Entry ${id} does not follow on ${last === 0 ? 'the beginning' : `entry ${last}`}: one of them was changed, or what was between them is gone.`;

/** As a database keeps it beside a run. */
export const formatHead = ({ workspace, entry, hash }: AuditHead): string => `${workspace} ${entry} ${hash}`;

/** Null: it is none. */
export function parseHead(text: string): AuditHead | null {
  const [, workspace, entry, hash] = /^(\S+) (\d+) ([0-9a-f]{64})$/.exec(text) ?? [];
  return workspace === undefined || hash === undefined ? null : { workspace, entry: Number(entry), hash };
}

/** What a checkpoint's signature is over. */
export const checkpointText = (head: AuditHead, at: string): string => `lockkeeper audit ${formatHead(head)} ${at}`;
