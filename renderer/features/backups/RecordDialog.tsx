/** Names a snapshot that somebody else has taken, so that it can stand for a backup where that is allowed. */
import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Environment } from '../../../shared/model/environment.ts';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { backupTexts as texts } from './texts.ts';

export default function RecordDialog({ environment, onClose }: { environment: Environment; onClose: () => void }) {
  useReturnFocus();
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const recording = useAction(async () => {
    await backend().backups.record({ environmentId: environment.id, name: name.trim(), reason: reason.trim() });
    await refresh(readings.backups(environment.id));
    announce(texts.theSnapshotIsRecorded);
    onClose();
  });
  return (
    <Modal opened onClose={onClose} size="lg" title={<EnvironmentName environment={environment} />}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          recording.run();
        }}
      >
        <p className="second">
          {texts.aSnapshotOfTheStorage}{' '}
          {environment.protection.externalBackups === true
            ? texts.forADayAndWhile
            : texts.theProtectionOfThisEnvironment}
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
        <Textarea
          label={texts.reason}
          description={texts.whyItCanBeRelied}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={2000}
          autosize
          minRows={2}
          required
        />
        {recording.problem !== null && <ProblemNotice problem={recording.problem} urgent />}
        <div className="row">
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button
            type="submit"
            className="push"
            disabled={name.trim() === '' || reason.trim() === ''}
            loading={recording.busy}
          >
            {texts.recordTheSnapshot}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
