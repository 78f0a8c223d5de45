import { Command } from 'commander';
import { expect, it } from 'vitest';
import { fullName, leastRoles } from '../../electron/cli/leastRoles.ts';
import { defineCommands } from '../../electron/cli/program.ts';

it('Every command says which role it needs, and no role is named for what is none', async () => {
  const bound: string[] = [];
  await defineCommands(new Command('lockkeeper'), (command) => bound.push(fullName(command)));
  expect(bound.sort()).toEqual(Object.keys(leastRoles).sort());
});

it.each([
  [['--env', 'staging', 'up', '--json'], ['up']],
  // A name may be a command's word; then that one is there, too.
  [
    ['--env', 'status', 'up'],
    ['status', 'up'],
  ],
])('Of %j only what it may call is loaded', async (argv, expected) => {
  const bound: string[] = [];
  await defineCommands(new Command('lockkeeper'), (command) => bound.push(fullName(command)), argv);
  expect(bound.sort()).toEqual(expected);
});
