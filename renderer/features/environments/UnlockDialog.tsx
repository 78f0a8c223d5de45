import { Button, Modal, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { invalidate } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { connectionTexts as texts } from './texts.ts';

/** Asks for a password that is kept for this session only. */
export function UnlockDialog({ summary, onClose }: { summary: EnvironmentSummary; onClose: () => void }) {
  useReturnFocus();
  const { environment, url } = summary;
  const [password, setPassword] = useState('');
  const unlocking = useAction(async () => {
    await backend().environments.unlock({ id: environment.id, password });
    invalidate((key) => key.includes(environment.id));
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title={<EnvironmentName environment={environment} />}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          unlocking.run();
        }}
      >
        <p className="second wrap">{url}</p>
        <PasswordInput
          label={texts.password}
          description={texts.keptInMemoryUntilLockkeeper}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
        {unlocking.problem !== null && <ProblemNotice problem={unlocking.problem} urgent />}
        <div className="row">
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button type="submit" className="push" loading={unlocking.busy}>
            {texts.useForThisSession}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
