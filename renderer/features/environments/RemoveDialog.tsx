import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { filled } from '../../components/filled.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';
import { connectionTexts as texts } from './texts.ts';

/** Forgets an environment after its name was typed. */
export function RemoveDialog({ summary, onClose }: { summary: EnvironmentSummary; onClose: () => void }) {
  useReturnFocus();
  const { environment } = summary;
  const [typed, setTyped] = useState('');
  const removal = useAction(async () => {
    await backend().environments.remove({ id: environment.id });
    await refresh(readings.environments());
    navigate({ screen: 'environments' });
    onClose();
  });
  return (
    <Modal opened onClose={onClose} title={<EnvironmentName environment={environment} />}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === environment.name) removal.run();
        }}
      >
        <p>{texts.lockkeeperForgetsThisEnvironmentAnd}</p>
        <TextInput
          label={filled(texts.typeToRemoveIt, { name: <span className="mono">{environment.name}</span> })}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
        />
        {removal.problem !== null && <ProblemNotice problem={removal.problem} urgent />}
        <div className="row">
          <Button variant="default" onClick={onClose} data-autofocus>
            {texts.keepIt}
          </Button>
          <Button
            type="submit"
            color="red"
            className="push"
            disabled={typed !== environment.name}
            loading={removal.busy}
          >
            {texts.remove3(environment.name)}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
