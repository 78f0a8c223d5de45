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
  theAddressItWasOpened: 'The address it was opened with can be used once, or Lockkeeper was started again since.',
  openTheAddressThatLockkeeper:
    'Open the address that Lockkeeper printed when it started. If it has ended, start it again with the command below and open the address it prints.',
  itHasEndedOrThe:
    'It has ended, or the connection to the computer it runs on is cut. A run that was going on continues as long as Lockkeeper itself does.',
  tryAgainIfItHas:
    'Try again. If it has ended, start it again with the command below and open the address it prints; it then says how each run ended.',
  itsBackgroundPartHasEnded: 'Its background part has ended or was started again.',
  reloadThisWindowIfThat:
    'Reload this window. If that does not help, quit and start Lockkeeper again; it then says how each run ended.',
  noGroup: 'No group',
  lockkeeperVersion: (version: string | number) => `Lockkeeper ${version}`,
  aRunGoesOn: 'a run goes on',
  needsAttention: 'needs attention',
  connectingToLockkeeper: 'Connecting to Lockkeeper',
  skipToContent: 'Skip to content',
  reconnectingToLockkeeperWhatYou: 'Reconnecting to Lockkeeper. What you see may be out of date.',
  readingAgain: 'Reading again',
  titleOf: (textContent: string | number) => `${textContent} · Lockkeeper`,
  loading: 'Loading',
  thereIsNoSuchPage: 'There is no such page',
  goToEnvironments: 'Go to Environments',
  nothingIsAt: (path: string | number) => `Nothing is at ${path}.`,
} as const;
