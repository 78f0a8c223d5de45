import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { filled } from '../../components/filled.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { navigate } from '../../useRoute.ts';
import { connectionTexts as texts } from './texts.ts';

/** Forgets an environment after its name was typed. */
export function RemoveDialog({ summary, onClose }: { summary: EnvironmentSummary; onClose: () => void }) {
  const { environment } = summary;
  const [typed, setTyped] = useState('');
  const removal = useAction(async () => {
    await backend().environments.remove({ id: environment.id });
    await refresh(readings.environments());
    navigate({ screen: 'environments' });
    onClose();
  });
  return (
    <DialogForm
      title={<EnvironmentName environment={environment} />}
      action={removal}
      ready={typed === environment.name}
      dangerous
      words={{ submit: texts.remove3(environment.name), cancel: texts.keepIt }}
      onClose={onClose}
    >
      <p>{texts.lockkeeperForgetsThisEnvironmentAnd}</p>
      <TextInput
        label={filled(texts.typeToRemoveIt, { name: <span className="mono">{environment.name}</span> })}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
      />
    </DialogForm>
  );
}
