/** Every command a person can give, once: keyboard, palette, shortcuts sheet and native menu read it here. */

export type CommandWhere =
  | 'everywhere'
  | 'matrix'
  | 'environment'
  | 'migration'
  | 'run'
  | 'plan'
  | 'bundle'
  | 'settings';
export type CommandMenu = 'file' | 'view' | 'environment' | 'help';

export interface CommandInfo {
  readonly id: string;
  /** As menus and palette show it. */
  readonly title: string;
  /** `mod` is Ctrl, and Cmd on macOS; single letters are lower case. The first one is shown; none: menu and palette only. */
  readonly keys: readonly string[];
  readonly where: CommandWhere;
  /** The native menu it belongs to; absent: palette and keyboard only. */
  readonly menu?: CommandMenu;
}

export const commands = [
  { id: 'palette.open', title: 'Command palette', keys: ['mod+k'], where: 'everywhere', menu: 'view' },
  { id: 'shortcuts.show', title: 'Keyboard shortcuts', keys: ['?'], where: 'everywhere', menu: 'help' },
  { id: 'tour.begin', title: 'Tour of the demo', keys: [], where: 'everywhere', menu: 'help' },
  { id: 'role.unlock', title: 'Unlock as administrator', keys: [], where: 'everywhere', menu: 'file' },
  { id: 'role.lock', title: 'Lock the administrator’s part again', keys: [], where: 'everywhere', menu: 'file' },
  { id: 'planFile.open', title: 'Open a plan file', keys: [], where: 'everywhere', menu: 'file' },
  { id: 'support.show', title: 'Support bundle', keys: [], where: 'everywhere', menu: 'help' },
  { id: 'view.refresh', title: 'Refresh', keys: ['F5', 'mod+r'], where: 'everywhere', menu: 'view' },
  { id: 'view.filter', title: 'Filter this list', keys: ['/'], where: 'everywhere', menu: 'view' },
  { id: 'screen.environments', title: 'Go to Environments', keys: ['1'], where: 'everywhere', menu: 'view' },
  { id: 'screen.runs', title: 'Go to Runs', keys: ['2'], where: 'everywhere', menu: 'view' },
  { id: 'screen.backups', title: 'Go to Backups', keys: ['3'], where: 'everywhere', menu: 'view' },
  { id: 'screen.history', title: 'Go to History', keys: ['4'], where: 'everywhere', menu: 'view' },
  { id: 'screen.bundles', title: 'Go to Bundles', keys: ['5'], where: 'everywhere', menu: 'view' },
  { id: 'screen.settings', title: 'Go to Settings', keys: ['6', 'mod+,'], where: 'everywhere', menu: 'view' },
  { id: 'environments.view', title: 'Cards or matrix', keys: ['g'], where: 'everywhere', menu: 'view' },
  { id: 'matrix.plan', title: 'Plan the cell or the selection', keys: ['p'], where: 'matrix' },
  { id: 'bundle.open', title: 'Open a bundle', keys: ['mod+o'], where: 'everywhere', menu: 'file' },
  { id: 'bundle.check', title: 'Check the bundle against an environment', keys: ['c'], where: 'bundle' },
  { id: 'environment.add', title: 'Add environment', keys: ['n'], where: 'everywhere', menu: 'file' },
  { id: 'environment.import', title: 'Import connections', keys: [], where: 'everywhere', menu: 'file' },
  { id: 'environment.edit', title: 'Edit environment', keys: ['e'], where: 'environment', menu: 'environment' },
  { id: 'environment.migrate', title: 'Back up and migrate', keys: ['m'], where: 'environment', menu: 'environment' },
  { id: 'environment.rehearse', title: 'Rehearse', keys: ['r'], where: 'environment', menu: 'environment' },
  { id: 'environment.backup', title: 'Back up only', keys: ['b'], where: 'environment', menu: 'environment' },
  {
    id: 'environment.attention',
    title: 'Verify the history',
    keys: ['v'],
    where: 'environment',
    menu: 'environment',
  },
  { id: 'environment.backups', title: 'Show its backups', keys: ['o'], where: 'environment', menu: 'environment' },
  { id: 'environment.trust', title: 'Read and trust its programs', keys: ['t'], where: 'environment' },
  { id: 'environment.connect', title: 'Compare its folder with the database', keys: [], where: 'environment' },
  { id: 'environment.adopt', title: 'Move its history to another tool', keys: [], where: 'environment' },
  { id: 'hazard.previous', title: 'Previous hazard', keys: ['['], where: 'migration' },
  { id: 'hazard.next', title: 'Next hazard', keys: [']'], where: 'migration' },
  { id: 'migration.difference', title: 'Schema before and after', keys: ['d'], where: 'migration' },
  { id: 'migration.previous', title: 'Previous migration', keys: ['{'], where: 'migration' },
  { id: 'migration.next', title: 'Next migration', keys: ['}'], where: 'migration' },
  { id: 'plan.start', title: 'Start what the page shows', keys: ['mod+Enter'], where: 'plan' },
  { id: 'run.restore', title: 'Restore the backup taken before the run', keys: ['r'], where: 'run' },
  { id: 'run.undo', title: 'Undo the restore', keys: ['u'], where: 'run' },
  { id: 'run.log', title: 'Go to the log', keys: ['l'], where: 'run' },
  { id: 'run.blocking', title: 'Go to who stands in the way', keys: ['b'], where: 'run' },
  { id: 'run.follow', title: 'Follow the log', keys: ['f'], where: 'run' },
  { id: 'settings.undo', title: 'Undo the last change of a setting', keys: ['mod+z'], where: 'settings' },
] as const satisfies readonly CommandInfo[];

export type CommandId = (typeof commands)[number]['id'];

export const commandWhereTitles: Readonly<Record<CommandWhere, string>> = {
  everywhere: 'Everywhere',
  matrix: 'In the matrix',
  environment: 'On an environment',
  migration: 'On a migration',
  plan: 'Before a run',
  run: 'During a run',
  bundle: 'On a bundle',
  settings: 'In settings',
};
