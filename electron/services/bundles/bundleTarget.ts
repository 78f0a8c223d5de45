/** The same database, with a bundle as its source. */
import type { Context } from '../context.ts';
import type { TargetRequest } from '../target.ts';
import { keptPath } from './useBundle.ts';

export const withBundle = (request: TargetRequest, file: string): TargetRequest => ({
  ...request,
  overrides: { ...request.overrides, path: file },
});

/** Of a plan or a run that names a bundle by its digest; without one as it is. */
export const withKept = (
  context: Context,
  request: TargetRequest,
  { bundle }: { readonly bundle?: string },
): TargetRequest => (bundle === undefined ? request : withBundle(request, keptPath(context, bundle)));
