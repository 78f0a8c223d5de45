import { PasswordInput, SegmentedControl } from '@mantine/core';
import type { ApplicationInfo } from '../../../shared/contract/views.ts';
import type { CredentialReference } from '../../../shared/model/environment.ts';
import type { Draft } from './draft.ts';

interface SecretFieldsProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  /** How the environment keeps it now; null for a new one. */
  readonly stored: CredentialReference['kind'] | null;
  readonly keychain: ApplicationInfo['keychain'] | null;
}

export function SecretFields({ draft, change, stored, keychain }: SecretFieldsProps) {
  if (draft.engine === 'sqlite') return null;
  const available = keychain?.available !== false;
  const staysStored = stored === 'keychain' && draft.credential === 'keychain';
  return (
    <section className="drawer-section">
      <h3 id="drawer-password">Password</h3>
      <SegmentedControl
        aria-labelledby="drawer-password"
        fullWidth
        value={draft.credential}
        onChange={(value) => change({ credential: value === 'keychain' || value === 'ask' ? value : 'none' })}
        data={[
          { value: 'keychain', label: 'Keep in the keychain', disabled: !available },
          { value: 'ask', label: 'Ask each session' },
          { value: 'none', label: 'No password' },
        ]}
      />
      {!available && (
        <p className="chip-line" data-tone="attention">
          <span aria-hidden="true">▲</span> The keychain cannot be used: {keychain?.reason ?? 'no reason was given'}.
          The password is asked for each session instead; it is never written to a file.
        </p>
      )}
      {draft.credential !== 'none' && (
        <PasswordInput
          label={draft.credential === 'keychain' ? 'Password' : 'Password for this session'}
          placeholder={staysStored ? 'In the keychain; leave empty to keep it' : ''}
          value={draft.password}
          onChange={(event) => change({ password: event.currentTarget.value })}
          autoComplete="new-password"
        />
      )}
    </section>
  );
}
