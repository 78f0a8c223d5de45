/** Messages between a session and the process that holds its SQLite connection. Plain data only. */

import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import type { FaultKind, Row } from '../../engine/ports.ts';
import type { PackedResults } from './results.ts';

export interface UnitText {
  readonly control: boolean;
  readonly sql: string;
  /** Its author knows that it loses rows. */
  readonly acceptsLoss?: true;
}

export interface OpenRequest {
  readonly type: 'open';
  readonly file: string;
  readonly readOnly: boolean;
  /** Milliseconds SQLite waits for another connection's lock. */
  readonly busyTimeoutMs: number;
}

export interface AttachRequest {
  readonly type: 'attach';
  readonly file: string;
  readonly name: string;
}

export type Request =
  | OpenRequest
  | { readonly type: 'send'; readonly units: readonly UnitText[] }
  | { readonly type: 'query'; readonly sql: string; readonly parameters: readonly (string | number | null)[] }
  | AttachRequest
  | { readonly type: 'tryLock'; readonly name: string; readonly holder: LockHolder }
  | { readonly type: 'unlock'; readonly name: string }
  | { readonly type: 'lockInfo'; readonly name: string }
  | { readonly type: 'close' };

export interface FaultData {
  readonly kind: FaultKind;
  readonly message: string;
  readonly code: string | null;
  readonly position: number | null;
  readonly detail: string | null;
}

/** What each request is answered with. */
export interface Replies {
  open: { readonly version: string; readonly readOnly: boolean };
  /** Results of the units completed since the last report. */
  send: PackedResults;
  query: readonly Row[];
  /** False: there is no such file, and this session only reads. */
  attach: boolean;
  tryLock: LockInfo | null;
  unlock: null;
  lockInfo: LockInfo;
  close: null;
}

export type ToWorker =
  | { readonly type: 'request'; readonly id: number; readonly request: Request }
  /** Stop request `id` before its next unit; ignored when it is no longer running. */
  | { readonly type: 'cancel'; readonly id: number };

export type FromWorker =
  /** Units completed since the last of these. */
  | { readonly type: 'progress'; readonly id: number; readonly results: PackedResults }
  | { readonly type: 'notice'; readonly id: number; readonly severity: string; readonly message: string }
  | { readonly type: 'done'; readonly id: number; readonly reply: Replies[keyof Replies] }
  | { readonly type: 'failed'; readonly id: number; readonly fault: FaultData; readonly unit: number | null }
  /** The worker itself broke; it exits after this. */
  | { readonly type: 'crashed'; readonly message: string };

/** Before its first note, whether killing it could leave something applied: a control statement first begins a transaction. */
export const startsDoubtful = (units: readonly UnitText[]): boolean => units[0]?.control === false;
