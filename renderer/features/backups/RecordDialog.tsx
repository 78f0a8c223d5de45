/** Names a snapshot that somebody else has taken, so that it can stand for a backup where that is allowed. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Environment } from '../../../shared/model/environment.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { backupTexts as texts } from './texts.ts';

export default function RecordDialog({ environment, onClose }: { environment: Environment; onClose: () => void }) {
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const recording = useAction(async () => {
    await backend().backups.record({ environmentId: environment.id, name: name.trim(), reason: reason.trim() });
    await refresh(readings.backups(environment.id));
    announce(texts.theSnapshotIsRecorded);
    onClose();
  });
  return (
    <DialogForm
      title={<EnvironmentName environment={environment} />}
      size="lg"
      action={recording}
      ready={name.trim() !== '' && reason.trim() !== ''}
      words={{ submit: texts.recordTheSnapshot, cancel: texts.cancel }}
      onClose={onClose}
    >
      <p className="second">
        {texts.aSnapshotOfTheStorage}{' '}
        {environment.protection.externalBackups === true ? texts.forADayAndWhile : texts.theProtectionOfThisEnvironment}
      </p>
      <TextInput
        label={texts.name}
        description={texts.byWhichItIsFound}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={4096}
        spellCheck={false}
        autoComplete="off"
        required
        data-autofocus
      />
      <ReasonField
        label={texts.reason}
        description={texts.whyItCanBeRelied}
        value={reason}
        onChange={setReason}
        required
      />
    </DialogForm>
  );
}
