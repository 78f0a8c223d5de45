import { Button, Modal, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { useAction } from '../../useAction.ts';
import { closeUnlock, roleChanged, useRole } from './roleStatus.ts';
import { roleTexts as texts } from './texts.ts';

export default function UnlockDialog() {
  useReturnFocus();
  const minutes = useRole()?.unlockMinutes ?? 15;
  const [passphrase, setPassphrase] = useState('');
  const unlocking = useAction(async () => {
    try {
      await backend().roles.unlock({ passphrase });
    } finally {
      setPassphrase('');
    }
    await roleChanged();
    closeUnlock();
  });
  return (
    <Modal opened onClose={closeUnlock} title={<strong>{texts.unlockTitle}</strong>}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          unlocking.run();
        }}
      >
        <PasswordInput
          label={texts.passphrase}
          description={texts.lockedFor(minutes)}
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="current-password"
          data-autofocus
          required
        />
        {unlocking.problem !== null && <ProblemNotice problem={unlocking.problem} urgent />}
        <div className="row">
          <Button type="submit" loading={unlocking.busy} disabled={passphrase === ''}>
            {texts.unlock}
          </Button>
          <Button variant="default" onClick={closeUnlock}>
            {texts.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
