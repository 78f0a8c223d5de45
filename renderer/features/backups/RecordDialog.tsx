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

export default function RecordDialog({ environment, onClose }: { environment: Environment; onClose: () => void }) {
  useReturnFocus();
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const recording = useAction(async () => {
    await backend().backups.record({ environmentId: environment.id, name: name.trim(), reason: reason.trim() });
    await refresh(readings.backups(environment.id));
    announce('The snapshot is recorded');
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
          A snapshot of the storage, of a machine or of a provider. Lockkeeper only writes down that it is there:{' '}
          {environment.protection.externalBackups === true
            ? 'for a day, and while nothing is migrated, it may stand for the backup before a run.'
            : 'the protection of this environment does not let it stand for a backup before a run; a reason is needed then.'}
        </p>
        <TextInput
          label="Name"
          description="By which it is found where it lies."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={4096}
          spellCheck={false}
          autoComplete="off"
          required
          data-autofocus
        />
        <Textarea
          label="Reason"
          description="Why it can be relied upon; recorded with your name."
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
            Cancel
          </Button>
          <Button
            type="submit"
            className="push"
            disabled={name.trim() === '' || reason.trim() === ''}
            loading={recording.busy}
          >
            Record the snapshot
          </Button>
        </div>
      </form>
    </Modal>
  );
}
