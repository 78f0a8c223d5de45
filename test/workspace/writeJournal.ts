/** Run as a process of its own: writes durable records into a client journal and says after each that it is there. */
import { openWorkspace } from '../../electron/workspace/workspace.ts';

const journal = openWorkspace(process.argv[2] ?? '').clientJournal('r1');
for (let step = 0; ; step++) {
  await journal.append({ step }, true);
  process.stdout.write(`${String(step)}\n`);
}
