/** Whose signature it carries, and the dialog in which an administrator believes it after comparing fingerprints. */
import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { BundleReport } from '../../../shared/model/bundle.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
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
  useReturnFocus();
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
    <Modal opened onClose={onClose} size="lg" title={texts.trustTheSigner}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          trusting.run();
        }}
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
        {trusting.problem !== null && <ProblemNotice problem={trusting.problem} urgent />}
        <div className="row">
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
          <Button type="submit" className="push" disabled={!same || name.trim() === ''} loading={trusting.busy}>
            {texts.trust}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
