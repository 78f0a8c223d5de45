/** What Lockkeeper gives to `up` and `down`; for editors only. */
export interface Handle {
  /** One statement with values for `$1`, `$2` …, or several without; rows of the last. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[] & { affectedRows: number | null }>;
  log(...words: readonly unknown[]): void;
  progress(done: number, total: number): void;
}
