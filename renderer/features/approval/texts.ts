/** Words of plan files and of a second person's approval. */
export const approvalTexts = {
  ask: 'Ask for approval…',
  saveFile: 'Save as a plan file',
  openFile: 'Open a plan file…',
  place: 'Place',
  environments: 'Environments',
  title: 'Plan file',
  noFile: 'No plan file is open',
  noFileHelp: 'Open one that somebody has saved from a plan, or drop it onto the window.',
  reading: 'Reading the plan file…',
  migrate: (count: number, environment: string) =>
    `Migrate ${count} ${count === 1 ? 'migration' : 'migrations'} on ${environment}`,
  rollBack: (count: number, environment: string) =>
    `Roll back ${count} ${count === 1 ? 'migration' : 'migrations'} on ${environment}`,
  plannedBy: (who: string, at: string) => `Planned by ${who}, ${at}`,
  on: (database: string, engine: string) => `${database}, ${engine}`,
  readOnly: 'What you see is what is in the file: no database was asked. Your signature is on exactly these scripts.',
  steps: 'Steps',
  apply: 'Apply',
  revert: 'Roll back',
  noHazards: 'No hazard was found.',
  notShown: (digest: string) => `Too long to be part of the file, or a program. Its SHA-256: ${digest}`,
  approvals: 'Approvals',
  none: 'Nobody has approved it yet.',
  by: (who: string, at: string) => `${who}, ${at}`,
  trustedAs: (name: string) => `trusted here as ${name}`,
  untrusted: (fingerprint: string) => `its key is not trusted here: ${fingerprint}`,
  trust: 'Trust this key…',
  trustKeyOf: (who: string) => `Trust the key of ${who} in approvals`,
  own: 'your own key',
  invalid: 'its signature does not fit this file',
  approve: 'Approve',
  approveTitle: 'Approve exactly this plan',
  note: 'Note (optional, signed with it)',
  goTo: (environment: string) => `Go to the plan on ${environment}`,
  notHere: (environment: string) =>
    `There is no environment ${environment} in this workspace: it can be approved here, not run.`,
} as const;

/** How plan files end. */
export const planFileEnding = '.lockplan';
