/** The key of an SSH server that is not known here: compared by a person, then trusted, then tested again. */
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Connection } from '../../../shared/model/environment.ts';
import type { UnknownHostKey } from '../../../shared/model/status.ts';
import { CopyWordButton } from '../../components/CopyText.tsx';
import { filled } from '../../components/filled.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { useAction } from '../../useAction.ts';
import { connectionTexts as texts } from './texts.ts';

interface HostKeyNoticeProps {
  readonly hostKey: UnknownHostKey;
  readonly connection: Connection;
  readonly onTrusted: () => void;
}

export function HostKeyNotice({ hostKey: { host, kind, fingerprint }, connection, onTrusted }: HostKeyNoticeProps) {
  const [compared, setCompared] = useState(false);
  const trusting = useAction(async () => {
    await backend().environments.trustHostKey({ connection, fingerprint });
    onTrusted();
  });
  return (
    <section className="host-key" aria-label={texts.keyOf(host)}>
      <p>{filled(texts.showsThisKeyCompareIt, { host: <strong>{host}</strong>, kind })}</p>
      <p className="row">
        <code className="mono wrap">{fingerprint}</code>
        <CopyWordButton value={fingerprint} label={texts.copyFingerprint} />
      </p>
      <Checkbox
        label={texts.iHaveComparedItAnd}
        checked={compared}
        onChange={(event) => setCompared(event.currentTarget.checked)}
      />
      {trusting.problem !== null && <ProblemNotice problem={trusting.problem} urgent />}
      <Button
        variant="default"
        className="push"
        disabled={!compared}
        loading={trusting.busy}
        onClick={() => trusting.run()}
      >
        {texts.trustThisKeyAndTest}
      </Button>
    </section>
  );
}
