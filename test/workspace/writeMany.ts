/** Run as a process of its own: writes into the workspace named first, and says after each entry that it is there. */
import { openWorkspace } from '../../electron/workspace/workspace.ts';
import { protectionByTier } from '../../shared/model/environment.ts';

const [, , directory = '', name = ''] = process.argv;
const workspace = openWorkspace(directory);
workspace.environments.add({
  id: name,
  name,
  tier: 'test',
  colour: 'grey',
  group: '',
  connection: { engine: 'sqlite', file: '/app.db' },
  credential: { kind: 'none' },
  protection: protectionByTier.test,
  source: null,
});
for (let entry = 0; name === 'endless' || entry < 10; entry++) {
  workspace.audit.append({
    at: new Date().toISOString(),
    actor: name,
    action: 'test',
    environment: name,
    run: null,
    detail: { entry },
  });
  if (name === 'endless') process.stdout.write('.\n');
}
await workspace.close();
