import { useEffect, useRef } from 'react';
import type { CommandId } from '../../shared/commands.ts';
import { type Offer, offer } from './registry.ts';

interface CommandOptions extends Pick<Offer, 'title' | 'environment'> {
  readonly enabled?: boolean;
}

/** Offers a command while the calling view is mounted and `enabled`. */
export function useCommand(id: CommandId, run: () => void, options: CommandOptions = {}): void {
  const { enabled = true, title, environment } = options;
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    return offer(id, {
      run: () => latest.current(),
      ...(title === undefined ? {} : { title }),
      ...(environment === undefined ? {} : { environment }),
    });
  }, [id, enabled, title, environment]);
}
