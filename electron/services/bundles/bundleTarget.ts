/** The same database, with a bundle as its source, and where bundles lie. */
import path from 'node:path';
import { bundleEnding } from '../../../shared/model/bundle.ts';
import type { Context } from '../context.ts';
import type { TargetRequest } from '../target.ts';

/** Where bundles and what is in them lie. */
export const bundlesFolder = ({ workspace }: Context): string => path.join(workspace.dataDirectory, 'bundles');

/** Kept for a run that is gone on with when the file it came in is on a stick elsewhere. */
export const keptPath = (context: Context, digest: string): string =>
  path.join(bundlesFolder(context), `${digest}${bundleEnding}`);

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
