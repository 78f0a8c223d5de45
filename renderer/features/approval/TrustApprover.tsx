/** Believing the key of whoever approved: after its fingerprint was compared. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ShownApproval } from '../../../shared/model/approval.ts';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { TrustKeyDialog } from '../keys/TrustKeyDialog.tsx';
import type { OpenFile } from './planFile.ts';
import { approvalTexts as texts } from './texts.ts';

interface TrustApproverProps {
  readonly file: OpenFile;
  readonly approval: ShownApproval;
}

export function TrustApprover({ file, approval: { by, fingerprint } }: TrustApproverProps) {
  const [opened, setOpened] = useState(false);
  return (
    <div className="row">
      <Button size="compact-xs" variant="default" onClick={() => setOpened(true)}>
        {texts.trust}
      </Button>
      {opened && (
        <TrustKeyDialog
          title={texts.trustKeyOf(by)}
          fingerprint={fingerprint}
          trust={async (whose) => {
            await backend().planFiles.trust({ name: file.name, text: file.text, whose, fingerprint });
            await refresh(readings.planFile(file));
          }}
          onClose={() => setOpened(false)}
        />
      )}
    </div>
  );
}
