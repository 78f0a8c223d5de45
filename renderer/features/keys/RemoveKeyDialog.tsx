import { useState } from 'react';
import type { TrustedKey } from '../../../shared/model/trustedKey.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ReasonField } from '../../components/ReasonField.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { keyTexts as texts } from './texts.ts';

/** Believes a key no longer, after a reason was given. */
export default function RemoveKeyDialog({ of, onClose }: { of: TrustedKey; onClose: () => void }) {
  const { name, fingerprint } = of;
  const [reason, setReason] = useState('');
  const removing = useAction(async () => {
    await backend().trustedKeys.remove({ fingerprint, reason: reason.trim() });
    await refresh(readings.trustedKeys());
    announce(texts.removed(name));
    onClose();
  });
  return (
    <DialogForm
      title={texts.removeTitle(name)}
      size="lg"
      action={removing}
      ready={reason.trim() !== ''}
      dangerous
      words={{ submit: texts.removeNow, cancel: texts.keep }}
      onClose={onClose}
    >
      <p className="mono fingerprint">{fingerprint}</p>
      <p className="second">{texts.removeHelp}</p>
      <ReasonField label={texts.reason} description={texts.reasonHelp} value={reason} onChange={setReason} required />
    </DialogForm>
  );
}
