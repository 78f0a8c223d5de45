/** What was read from the backend, by key: shared between views, kept while it is read again. */
import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { Problem } from '../shared/problem.ts';
import { toProblem } from './problem.ts';

export interface Resource<T> {
  /** Last value read; stays while a later reading fails. */
  readonly data: T | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
  /** Of `data`, milliseconds since the epoch. */
  readonly readAt: number | null;
}

/** How to read one value. Two with the same key are the same value. */
export interface Reading<T> {
  readonly key: string;
  readonly read: () => Promise<T>;
}

const empty: Resource<never> = { data: null, problem: null, loading: false, readAt: null };
const useEntries = create<Readonly<Record<string, Resource<unknown>>>>(() => ({}));
/** Readings that a mounted view shows, with how many views. */
const shown = new Map<string, { reading: Reading<unknown>; views: number }>();
const underWay = new Map<string, Promise<void>>();
const stale = new Set<string>();

const update = (key: string, change: Partial<Resource<unknown>>): void =>
  useEntries.setState((entries) => ({ [key]: { ...(entries[key] ?? empty), ...change } }));

/** Reads now, unless the same reading is under way; never rejects. */
export function refresh(reading: Reading<unknown>): Promise<void> {
  const going = underWay.get(reading.key);
  if (going !== undefined) {
    stale.add(reading.key);
    return going;
  }
  stale.delete(reading.key);
  update(reading.key, { loading: true });
  const work = reading
    .read()
    .then((data) => update(reading.key, { data, problem: null, loading: false, readAt: Date.now() }))
    .catch((thrown: unknown) => update(reading.key, { problem: toProblem(thrown), loading: false }))
    .finally(() => {
      underWay.delete(reading.key);
      // Something changed while it was being read.
      if (stale.has(reading.key) && shown.has(reading.key)) void refresh(reading);
    });
  underWay.set(reading.key, work);
  return work;
}

/** Marks values as out of date; those on screen are read again at once. */
export function invalidate(concerns: (key: string) => boolean): void {
  for (const key of Object.keys(useEntries.getState())) {
    if (!concerns(key)) continue;
    stale.add(key);
    const view = shown.get(key);
    if (view !== undefined) void refresh(view.reading);
  }
}

export const invalidateAll = (): void => invalidate(() => true);

/** Reads again all that is on screen: F5. */
export function refreshShown(): void {
  for (const { reading } of shown.values()) void refresh(reading);
}

/** The value of a reading: read when it comes on screen and when it goes stale. Null reads nothing. */
export function useResource<T>(reading: Reading<T> | null): Resource<T> {
  const key = reading?.key ?? null;
  const entry = useEntries((entries) => (key === null ? undefined : entries[key]));
  // A reading is its key; its function is built anew on every render.
  const latest = useRef(reading);
  useEffect(() => {
    latest.current = reading;
  });
  useEffect(() => (key === null || latest.current === null ? undefined : show(latest.current)), [key]);
  return (entry ?? empty) as Resource<T>;
}

/** Counts a view of a reading, reads it where needed; the answer ends that view. */
function show(reading: Reading<unknown>): () => void {
  const views = shown.get(reading.key)?.views ?? 0;
  shown.set(reading.key, { reading, views: views + 1 });
  // Databases and folders change without our being told: what nobody looked at may be out of date.
  if (views === 0 || stale.has(reading.key)) void refresh(reading);
  return () => {
    const view = shown.get(reading.key);
    if (view === undefined) return;
    if (view.views > 1) shown.set(reading.key, { ...view, views: view.views - 1 });
    else shown.delete(reading.key);
  };
}
