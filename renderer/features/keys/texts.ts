/** Words of keys: whose signatures are believed here, and this installation's own. */
import type { KeyPurpose } from '../../../shared/model/trustedKey.ts';

const purposes: Readonly<Record<KeyPurpose, string>> = { bundles: 'bundles', approvals: 'approvals of plans' };

export const keyTexts = {
  title: 'Trusted keys',
  help: 'Bundles and approvals of plans are believed only when the key that signed them is in this list.',
  onlyAdministrators: (role: string) => `Keys are added and removed by an administrator; here you are ${role}.`,
  reading: 'Reading the keys…',
  none: 'No key is trusted: bundles can be read but not run, and no approval counts.',
  purposes,
  added: 'added',
  by: (who: string) => `by ${who}`,
  copyFingerprintOf: (name: string) => `Copy the fingerprint of ${name}`,
  remove: 'Remove…',
  removeNamed: (name: string) => `Remove ${name}…`,
  add: 'Add a key…',
  own: 'This installation’s key…',

  addTitle: 'Trust a key',
  key: 'Public key',
  keyHelp: 'As “lockkeeper bundle key” prints it on the other computer, or the text of a PEM file.',
  fromFile: 'From a file…',
  fingerprint: 'Fingerprint',
  askItsOwner:
    'Ask the owner of the key for its fingerprint, by telephone or in person: not by the way that the key came.',
  known: (name: string, what: string) =>
    `This key is trusted as ${name} already, for ${what}. It gets the name below, and what is added.`,
  whose: 'Whose key it is',
  whoseExample: 'For example: Release desk',
  purpose: 'It is believed in',
  compared: 'Its owner names the same fingerprint',
  trust: 'Trust this key',
  trusted: (name: string) => `The key of ${name} is trusted`,
  cancel: 'Cancel',

  removeTitle: (name: string) => `Trust the key of ${name} no longer?`,
  removeHelp:
    'Bundles and approvals that it signed are refused from then on. What was run stays as it is, and in the history.',
  reason: 'Reason',
  reasonHelp: 'Kept in the audit log with your name.',
  keep: 'Keep it',
  removeNow: 'Remove the key',
  removed: (name: string) => `The key of ${name} is no longer trusted`,

  ownTitle: 'This installation’s key',
  ownHelp:
    'It signs the bundles made and the plans approved here. Give the public key to those who are to believe it, and the fingerprint by another way.',
  readingOwn: 'Reading the key…',
  copyKey: 'Copy the public key',
  copyFingerprint: 'Copy the fingerprint',
} as const;
