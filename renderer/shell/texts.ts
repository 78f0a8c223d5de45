/** Words of the frame around every screen. */
export const shellTexts = {
  thisTabIsNotSigned: 'This tab is not signed in to Lockkeeper',
  lockkeeperDoesNotAnswer: 'Lockkeeper does not answer',
  theWindowHasLostLockkeeper: 'The window has lost Lockkeeper',
  lockkeeperServe: 'lockkeeper serve',
  tryAgain: 'Try again',
  reload: 'Reload',
  navigation: 'Navigation',
  lockkeeper: 'Lockkeeper',
  find: 'Find…',
  screens: 'Screens',
  goingOn: 'going on',
  environments: 'Environments',
  on: (user: string | number, hostName: string | number) => `${user} on ${hostName}`,
} as const;
