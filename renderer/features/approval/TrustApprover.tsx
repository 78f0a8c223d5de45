/** Believing the key of whoever approved: after its fingerprint was compared. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ShownApproval } from '../../../shared/model/approval.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import type { OpenFile } from './planFile.ts';
import { approvalTexts as texts } from './texts.ts';

interface TrustApproverProps {
  readonly file: OpenFile;
  readonly approval: ShownApproval;
}

export function TrustApprover({ file, approval }: TrustApproverProps) {
  const [opened, setOpened] = useState(false);
  return (
    <div className="row">
      <Button size="compact-xs" variant="default" onClick={() => setOpened(true)}>
        {texts.trust}
      </Button>
      {opened && <TrustDialog file={file} approval={approval} onClose={() => setOpened(false)} />}
    </div>
  );
}

function TrustDialog({ file, approval, onClose }: TrustApproverProps & { onClose: () => void }) {
  const { fingerprint, by } = approval;
  const [whose, setWhose] = useState('');
  const trusting = useAction(async () => {
    await backend().planFiles.trust({ name: file.name, text: file.text, whose: whose.trim(), fingerprint });
    await refresh(readings.planFile(file));
    onClose();
  });
  return (
    <DialogForm
      title={by}
      action={trusting}
      ready={whose.trim() !== ''}
      words={{ submit: texts.compared, cancel: texts.cancel }}
      onClose={onClose}
    >
      <p>{texts.compare(fingerprint)}</p>
      <TextInput
        label={texts.whose}
        value={whose}
        onChange={(event) => setWhose(event.currentTarget.value)}
        maxLength={200}
        data-autofocus
        required
      />
    </DialogForm>
  );
}
