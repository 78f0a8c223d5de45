/** Whose signature it carries, and the dialog in which an administrator believes it after comparing fingerprints. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { BundleReport } from '../../../shared/model/bundle.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { backend } from '../../connection.ts';
import { formatTime } from '../../format.ts';
import { invalidate } from '../../resources.ts';
import { TrustKeyDialog } from '../keys/TrustKeyDialog.tsx';
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
      {asking && (
        <TrustKeyDialog
          title={texts.trustTheSigner}
          fingerprint={fingerprint}
          trust={async (name) => {
            await backend().bundles.trust({ digest: report.digest, name, fingerprint });
            invalidate((key) => key.startsWith('bundle'));
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
