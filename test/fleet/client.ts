/** The process that is killed: starts a fleet over all environments of a workspace, or goes on with one. */
import { compose } from '../../electron/compose.ts';
import { unlockEnvironment } from '../../electron/services/environments.ts';
import { resumeFleet, startFleet } from '../../electron/services/fleet/startFleet.ts';
import { usualFleetPolicy } from '../../shared/model/fleet.ts';

export interface ClientTask {
  readonly home: string;
  /** By the environment's id. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Null: a new one. */
  readonly fleet: string | null;
}

export type ClientMessage = { readonly begun: string } | { readonly ended: string };

const { home, passwords, fleet } = JSON.parse(process.env['LOCKKEEPER_FLEET_TASK'] ?? '') as ClientTask;
const answers = { confirm: null, reason: null, accept: [] };
const backend = await compose({ dataDirectory: home, shell: 'commandLine' });
const { context } = backend;
for (const [id, password] of Object.entries(passwords)) await unlockEnvironment(context, id, password);
const started =
  fleet === null
    ? startFleet(context, {
        ...answers,
        name: 'all',
        environmentIds: context.workspace.environments.list().map(({ id }) => id),
        wanted: { direction: 'up' },
        policy: { ...usualFleetPolicy, jobs: 4, canary: 1, maxFailures: null },
        shard: null,
      })
    : await resumeFleet(context, { ...answers, id: fleet, retryFailed: false, leaveFailed: false });
process.send?.({ begun: started.id } satisfies ClientMessage);
const { outcome, problem } = await started.finished;
process.send?.({ ended: `${outcome ?? ''} ${problem?.message ?? ''}`.trim() } satisfies ClientMessage);
await backend.close();
process.disconnect();
