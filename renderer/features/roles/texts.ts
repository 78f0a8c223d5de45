/** Words of roles: who uses the window, and how to become its administrator. */
export const roleTexts = {
  names: { viewer: 'Viewer', operator: 'Operator', administrator: 'Administrator' },
  articled: { viewer: 'a viewer', operator: 'an operator', administrator: 'an administrator' },
  /** For the narrow head of the window. */
  shortNames: { viewer: 'Viewer', operator: 'Operator', administrator: 'Admin' },
  unlockTitle: 'Unlock as administrator',
  unlock: 'Unlock',
  unlockNow: (role: string) => `You are ${role}. Unlock as administrator`,
  lockNow: 'You are administrator. Lock again',
  lockedFor: (minutes: number) =>
    `For ${minutes} minutes environments, settings, protections, trust and keys can be changed.`,
  passphrase: 'Administrator’s passphrase',
  cancel: 'Cancel',
  title: 'Roles',
  help: 'Viewers see everything and change nothing. Operators run, back up, rehearse and restore as the protections allow. Administrators also manage environments, settings, protections, trust, keys, and what backups are removed.',
  noneSet: 'No passphrase is set: whoever sits at this computer is the administrator.',
  isSet: (role: string) => `A passphrase is set: without it everybody here is ${role}.`,
  setPassphrase: 'Set a passphrase…',
  changePassphrase: 'Change the passphrase…',
  removePassphrase: 'Remove the passphrase',
  setTitle: 'Passphrase of the administrator',
  newPassphrase: 'New passphrase',
  atLeast: (count: number) =>
    `At least ${count} characters. Only a verifier of it is kept, in the keychain: nobody can tell it to you again.`,
  again: 'The same again',
  without: 'Without it everybody is',
  minutes: 'It unlocks for, minutes',
  save: 'Set it',
} as const;
