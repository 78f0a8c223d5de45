/** Whoever sets a freeze is written into it, whatever was sent. */
import type { Freeze } from '../../shared/model/changeWindow.ts';
import type { Context } from './context.ts';

export function stamped<T extends { readonly freeze?: Freeze | null }>(
  { host }: Context,
  after: T,
  before: { readonly freeze?: Freeze | null } | undefined,
): T {
  const { freeze } = after;
  if (freeze == null) return after;
  const was = before?.freeze;
  const same = was != null && was.until === freeze.until && was.reason === freeze.reason;
  return { ...after, freeze: same ? was : { ...freeze, by: host.user } };
}
