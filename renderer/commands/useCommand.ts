import { useEffect, useRef } from 'react';
import type { CommandId } from '../../shared/commands.ts';
import { offer } from './registry.ts';

/** Offers a command while the calling view is mounted and `enabled`. */
export function useCommand(id: CommandId, run: () => void, options: { enabled?: boolean; title?: string } = {}): void {
  const { enabled = true, title } = options;
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    return offer(id, { run: () => latest.current(), ...(title === undefined ? {} : { title }) });
  }, [id, enabled, title]);
}
