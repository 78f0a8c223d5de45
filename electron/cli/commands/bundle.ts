/** `bundle`: migrations as one signed file, carried to a site, checked and applied there. */
import type { Define } from '../invocation.ts';
import { addApplyCommand } from './bundleApply.ts';
import { addCreateCommand } from './bundleCreate.ts';
import { addReadCommands } from './bundleRead.ts';
import { addTrustCommands } from './bundleTrust.ts';

export const bundleCommand: Define = (program, bind) => {
  const bundle = program.command('bundle').description('signed files of migrations for sites, and whose are believed');
  addCreateCommand(bundle, bind);
  addReadCommands(bundle, bind);
  addApplyCommand(bundle, bind);
  addTrustCommands(bundle, bind);
};
