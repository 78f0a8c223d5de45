import { randomBytes } from 'node:crypto';
import type { AuditCheckpoint, AuditHead } from '../../shared/model/audit.ts';
import { formatHead, type StoredEntry } from '../engine/auditChain.ts';
import type { Store } from './store.ts';

export interface AuditEntry {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  /** The environment's name, or the ad hoc target's. */
  readonly environment: string | null;
  readonly run: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface AuditFilter {
  readonly environment?: string | null;
  readonly limit: number;
  /** Newer ones that are passed over. */
  readonly offset?: number;
}

export type AuditLine = AuditEntry & { readonly id: number };

const line = `json_object('id', id, 'at', at, 'actor', actor, 'action', action, 'environment', environment, 'run', run, 'detail', json(detail))`;
const stored = `json_object('id', id, 'at', at, 'actor', actor, 'action', action, 'environment', environment, 'run', run, 'detail', detail, 'hash', hash)`;
const workspaceKey = 'audit.workspace';

/** Who did what. Only grows: the file itself refuses changes, and each entry's hash covers all before it. */
export class Audit {
  readonly #store: Store;
  /** The newest entry that is known to be on the disk; null: as far as anybody knows, all are. */
  #durable: number | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  /** On the disk when it returns. */
  append(entry: AuditEntry): void {
    this.#add(entry, (sql, ...values) => this.#store.write(sql, ...values));
    this.#durable = this.newest();
  }

  /** On the disk after the workspace's next `synced`. */
  note(entry: AuditEntry): void {
    this.#durable ??= this.newest();
    this.#add(entry, (sql, ...values) => this.#store.note(sql, ...values));
  }

  #add({ at, actor, action, environment, run, detail }: AuditEntry, change: Store['write']): void {
    // One statement: two processes cannot both follow on the same entry.
    change(
      `INSERT INTO audit (at, actor, action, environment, run, detail, hash)
       SELECT at, actor, action, environment, run, detail,
         audit_hash(coalesce((SELECT hash FROM audit ORDER BY id DESC LIMIT 1), ''), at, actor, action, environment, run, detail)
       FROM (SELECT ? AS at, ? AS actor, ? AS action, ? AS environment, ? AS run, ? AS detail)`,
      at,
      actor,
      action,
      environment,
      run,
      JSON.stringify(detail),
    );
  }

  /** Newest first. `environment`: its name; all without it. */
  list({ environment = null, limit, offset = 0 }: AuditFilter): AuditLine[] {
    return this.#store
      .texts(
        `SELECT ${line} FROM audit WHERE coalesce(environment, '') = coalesce(?, environment, '')
         ORDER BY id DESC LIMIT ? OFFSET ?`,
        environment,
        limit,
        offset,
      )
      .map((text) => JSON.parse(text) as AuditLine);
  }

  /** All, oldest first, row by row. */
  *entries(): Generator<StoredEntry> {
    for (const text of this.#store.each(`SELECT ${stored} FROM audit ORDER BY id`))
      yield JSON.parse(text) as StoredEntry;
  }

  /** Of one run, oldest first, each with the hash of the entry before it. */
  ofRun(run: string): (StoredEntry & { readonly previous: string })[] {
    return this.#store
      .texts(
        `SELECT json_insert(${stored}, '$.previous',
           coalesce((SELECT hash FROM audit AS earlier WHERE earlier.id < audit.id ORDER BY id DESC LIMIT 1), ''))
         FROM audit WHERE run = ? ORDER BY id`,
        run,
      )
      .map((text) => JSON.parse(text) as StoredEntry & { readonly previous: string });
  }

  count(environment: string | null = null): number {
    const sql = `SELECT count(*) FROM audit WHERE coalesce(environment, '') = coalesce(?, environment, '')`;
    return Number(this.#store.text(sql, environment));
  }

  head(): AuditHead {
    return this.#headUpTo(this.newest());
  }

  #headUpTo(id: number): AuditHead {
    const text = this.#store.text(`SELECT ${stored} FROM audit WHERE id <= ? ORDER BY id DESC LIMIT 1`, id);
    const newest = text === null ? null : (JSON.parse(text) as StoredEntry);
    return { workspace: this.#workspace(), entry: newest?.id ?? 0, hash: newest?.hash ?? '' };
  }

  /** Number of the newest entry; 0: there is none. */
  newest(): number {
    return Number(this.#store.text('SELECT coalesce(max(id), 0) FROM audit'));
  }

  /** All entries up to this one are on the disk. */
  settle(newest: number): void {
    this.#durable = newest;
  }

  /**
   * For a database to keep beside a run; null: there is nothing to keep yet. Never of an entry that this computer may
   * lose with its power: it would look as if somebody had removed it.
   */
  anchor(): string | null {
    const head = this.#headUpTo(this.#durable ?? this.newest());
    return head.entry === 0 ? null : formatHead(head);
  }

  addCheckpoint({ head, at, key, signature }: AuditCheckpoint): void {
    this.#store.write(
      'INSERT INTO audit_checkpoints (at, head, key, signature) VALUES (?, ?, ?, ?)',
      at,
      JSON.stringify(head),
      key,
      signature,
    );
  }

  checkpoints(): AuditCheckpoint[] {
    const checkpoint = `json_object('head', json(head), 'at', at, 'key', key, 'signature', signature)`;
    return this.#store
      .texts(`SELECT ${checkpoint} FROM audit_checkpoints ORDER BY id`)
      .map((text) => JSON.parse(text) as AuditCheckpoint);
  }

  /** Made when it is first asked for; two processes that ask at once get the same. */
  #workspace(): string {
    const read = () => this.#store.text('SELECT value FROM settings WHERE key = ?', workspaceKey);
    const known = read();
    if (known !== null) return known;
    this.#store.write('INSERT OR IGNORE INTO settings (key, value) VALUES (?, ?)', workspaceKey, newId());
    return read() ?? '';
  }
}

/** Digits only: it is JSON as it is. */
const newId = (): string => BigInt(`0x1${randomBytes(8).toString('hex')}`).toString();
