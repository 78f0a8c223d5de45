/** Removes copies that processes which died have left. Only those of our own records, on the server that these name. */
import { copyMakerFor } from '../backups/copies/copyMakers.ts';
import type { Context } from './context.ts';
import { abandonedCopies, type CopyRecord, removeCopyRecord } from './copyRecords.ts';
import { copyServerOf } from './copyServer.ts';
import { logger } from './logger.ts';
import { resolveTarget, type TargetDatabase } from './target.ts';
import { removeCopy } from './withRestoredCopy.ts';

/** `here`: a target whose password is known now. What cannot be reached stays recorded for the next time. */
export async function removeAbandonedCopies(context: Context, here: TargetDatabase | null = null): Promise<void> {
  for (const record of await abandonedCopies(context)) {
    try {
      await removeOne(context, record, here);
    } catch (thrown) {
      logger.error(`The copy ${record.name} of a process that ended could not be removed`, thrown);
    }
  }
}

async function removeOne(context: Context, record: CopyRecord, here: TargetDatabase | null): Promise<void> {
  if (record.url === '') return removeCopyRecord(context, record.name);
  const target = await ownerOf(context, record, here);
  const maker = target === null ? null : copyMakerFor(target.driver.id);
  if (target !== null && maker !== null) await removeCopy(context, target, maker, record.name);
}

/** Null: nothing known leads to that server any more. */
async function ownerOf(
  context: Context,
  { url, environmentId }: CopyRecord,
  here: TargetDatabase | null,
): Promise<TargetDatabase | null> {
  const known = context.workspace.environments.list().some(({ id }) => id === environmentId);
  const targets = [
    ...(here === null ? [] : [here]),
    ...(known ? [await resolveTarget(context, { kind: 'environment', nameOrId: environmentId })] : []),
  ];
  for (const target of targets)
    for (const one of [target, (await copyServerOf(context, target)).target])
      if (one.driver.formatUrl(one.environment.connection) === url) return one;
  return null;
}
