import { PasswordInput, SegmentedControl } from '@mantine/core';
import type { ApplicationInfo } from '../../../shared/contract/views.ts';
import type { CredentialReference } from '../../../shared/model/environment.ts';
import type { Draft } from './draft.ts';
import { connectionTexts as texts } from './texts.ts';

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
      <h3 id="drawer-password">{texts.password}</h3>
      <SegmentedControl
        aria-labelledby="drawer-password"
        fullWidth
        value={draft.credential}
        onChange={(value) => change({ credential: value === 'keychain' || value === 'ask' ? value : 'none' })}
        data={[
          { value: 'keychain', label: texts.keepInTheKeychain, disabled: !available },
          { value: 'ask', label: texts.askEachSession },
          { value: 'none', label: texts.noPassword },
        ]}
      />
      {!available && (
        <p className="chip-line" data-tone="attention">
          <span aria-hidden="true">▲</span> {texts.theKeychainCannotBeUsed(keychain?.reason ?? texts.noReasonWasGiven)}
        </p>
      )}
      {draft.credential !== 'none' && (
        <PasswordInput
          label={draft.credential === 'keychain' ? texts.password : texts.passwordForThisSession}
          placeholder={staysStored ? texts.inTheKeychainLeaveEmpty : ''}
          value={draft.password}
          onChange={(event) => change({ password: event.currentTarget.value })}
          autoComplete="new-password"
        />
      )}
    </section>
  );
}
