/** Whose signature it carries, and the dialog in which an administrator believes it after comparing fingerprints. */
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BundleReport } from '../../../shared/model/bundle.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { DialogForm } from '../../components/DialogForm.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { backend } from '../../connection.ts';
import { formatTime } from '../../format.ts';
import { invalidate } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { bundleTexts as texts } from './texts.ts';

export function SignerPanel({ report }: { report: BundleReport }) {
  const [asking, setAsking] = useState(false);
  const { trusted, fingerprint } = report.signer;
  return (
    <section className="panel" aria-label={texts.signer}>
      <div className="panel-head">
        <h2>{texts.signer}</h2>
        <span className="push strong">{trusted === null ? texts.notTrusted : texts.trustedAs(trusted.name)}</span>
      </div>
      <div className="panel-body column">
        {trusted === null ? (
          <>
            <p className="second">{texts.untrustedMeans}</p>
            <div className="row">
              <Button size="xs" onClick={() => setAsking(true)}>
                {texts.trustThisKey}
              </Button>
            </div>
          </>
        ) : (
          <p className="second">{texts.addedBy(trusted.addedBy, formatTime(trusted.addedAt))}</p>
        )}
        <span className="small dim">{texts.fingerprint}</span>
        <CopyLine value={fingerprint} label={texts.copyFingerprint} />
      </div>
      {asking && <TrustDialog report={report} onClose={() => setAsking(false)} />}
    </section>
  );
}

function TrustDialog({ report, onClose }: { report: BundleReport; onClose: () => void }) {
  const [name, setName] = useState('');
  const [same, setSame] = useState(false);
  const { fingerprint } = report.signer;
  const trusting = useAction(async () => {
    await backend().bundles.trust({ digest: report.digest, name: name.trim(), fingerprint });
    invalidate((key) => key.startsWith('bundle'));
    announce(texts.keyIsTrusted);
    onClose();
  });
  return (
    <DialogForm
      title={texts.trustTheSigner}
      size="lg"
      action={trusting}
      ready={same && name.trim() !== ''}
      words={{ submit: texts.trust, cancel: texts.cancel }}
      onClose={onClose}
    >
      <p className="second">{texts.askItsOwner}</p>
      <p className="mono fingerprint">{fingerprint}</p>
      <TextInput
        label={texts.whoseKey}
        description={texts.whoseKeyExample}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={200}
        required
        autoComplete="off"
        data-autofocus
      />
      <Checkbox
        label={texts.theyNameTheSame}
        checked={same}
        onChange={(event) => setSame(event.currentTarget.checked)}
      />
    </DialogForm>
  );
}
