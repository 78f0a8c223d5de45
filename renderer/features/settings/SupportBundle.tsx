/** One file for whoever helps: diagnostics without secrets and without anybody's data. */
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { CopyLine } from '../../components/CopyText.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { formatBytes } from '../../format.ts';
import { useAction } from '../../useAction.ts';
import { settingsTexts as texts } from './texts.ts';

export function SupportBundle() {
  const [masked, setMasked] = useState(true);
  const [written, setWritten] = useState<{ readonly path: string; readonly bytes: number } | null>(null);
  const writing = useAction(async () => {
    setWritten(await backend().application.supportBundle({ hostNames: masked ? 'masked' : 'shown' }));
    announce(texts.supportWritten);
  });
  return (
    <div className="column">
      <p className="second">{texts.supportHelp}</p>
      <Checkbox
        checked={masked}
        onChange={(event) => setMasked(event.currentTarget.checked)}
        label={texts.maskHosts}
        description={texts.maskHostsHelp}
      />
      <div>
        <Button size="xs" variant="default" loading={writing.busy} onClick={writing.run}>
          {texts.writeSupport}
        </Button>
      </div>
      {writing.problem !== null && <ProblemNotice problem={writing.problem} urgent />}
      {written !== null && (
        <div className="column" style={{ gap: 4 }}>
          <span className="small dim">{texts.written(formatBytes(written.bytes))}</span>
          <CopyLine value={written.path} label={texts.copyPath} />
        </div>
      )}
    </div>
  );
}
