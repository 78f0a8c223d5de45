/** A bundle as it comes to a site: signed with a key that nobody knows there. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { testBackend } from '../services/backend.ts';
import { bundleOf, privatePem } from '../services/bundles/make.ts';

export const hostileNotes = '<img src=x onerror=alert(1)>\u001b[31mStop the tills first.';

/** Makes `file` of the migrations in `folder`. */
export async function makeSiteBundle(folder: string, file: string): Promise<{ digest: string; content: Buffer }> {
  await using test = await testBackend();
  const wish = { notes: hostileNotes, origin: 'Release desk' };
  const content = await bundleOf(test.backend.context, folder, privatePem(), wish);
  await writeFile(file, content);
  return { digest: createHash('sha256').update(content).digest('hex'), content };
}
