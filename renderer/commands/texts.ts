/** Words of the command palette and of the shortcuts sheet. Commands themselves are named in shared/commands.ts. */
export const commandTexts = {
  palette: 'Command palette',
  find: 'Find a command or an environment',
  environments: 'Environments',
  commands: 'Commands',
  nothing: 'Nothing has these words.',
  migrate: (count: string, environment: string) => `Migrate ${count} on ${environment}`,
  planFirst: 'shows the plan first',

  shortcuts: 'Keyboard shortcuts',
  inLists: 'In lists',
  moveRows: 'Move between rows',
  moveFar: 'First and last row',
  openRow: 'Open',
  close: 'Close or clear; never cancels a run',
  window: 'Window',
  larger: 'Larger',
  smaller: 'Smaller',
  usualSize: 'Usual size',
} as const;
