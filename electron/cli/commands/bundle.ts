/** `bundle`: migrations as one signed file, carried to a site. */
import type { Define } from '../invocation.ts';
import { addTrustCommands } from './bundleTrust.ts';

export const bundleCommand: Define = (program, bind) => {
  const bundle = program.command('bundle').description('signed files of migrations for sites, and whose are believed');
  addTrustCommands(bundle, bind);
};
