import { expect, test } from 'vitest';
import { groupEnvironments } from '../../renderer/features/environments/group.ts';
import type { EnvironmentSummary } from '../../shared/contract/views.ts';
import { protectionByTier, type Tier } from '../../shared/model/environment.ts';

const summary = (name: string, tier: Tier, group: string): EnvironmentSummary => ({
  environment: {
    id: name,
    name,
    tier,
    group,
    colour: 'grey',
    connection: { engine: 'sqlite', file: `/${name}.db` },
    credential: { kind: 'none' },
    protection: protectionByTier[tier],
    source: null,
  },
  url: '',
  lastKnown: null,
  lastRun: null,
  lastBackup: null,
  activeRun: null,
});

test('groups by name with those of no group last; in a group by tier, then by name as people count', () => {
  const groups = groupEnvironments([
    summary('loose', 'test', ''),
    summary('site 10', 'production', 'Sites'),
    summary('site 2', 'production', 'Sites'),
    summary('site 1', 'development', 'Sites'),
    summary('acme', 'staging', 'acme'),
  ]);
  expect(groups.map(({ group, members }) => [group, ...members.map(({ environment }) => environment.name)])).toEqual([
    ['acme', 'acme'],
    ['Sites', 'site 1', 'site 2', 'site 10'],
    ['', 'loose'],
  ]);
});
