import { raise } from '../../shared/problem.ts';
import type { Kept } from '../credentials/credentialStore.ts';

/** What a credential store answered. Never falls back to another store: that is a person's choice. @throws {ProblemError} `keychain.unavailable` */
export function available<T>(kept: Kept<T>): T {
  if (kept.kind === 'available') return kept.value;
  return raise({
    code: 'keychain.unavailable',
    message: `The keychain of this computer cannot be used: ${kept.message}`,
    hint: 'Unlock or install it, or choose to be asked for the password each session.',
  });
}
