/** One file for whoever helps: diagnostics without secrets and without anybody's data. */
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { CopyLine } from '../../components/CopyText.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { formatBytes } from '../../format.ts';
import { useAction } from '../../useAction.ts';

export function SupportBundle() {
  const [masked, setMasked] = useState(true);
  const [written, setWritten] = useState<{ readonly path: string; readonly bytes: number } | null>(null);
  const writing = useAction(async () => {
    setWritten(await backend().application.supportBundle({ hostNames: masked ? 'masked' : 'shown' }));
    announce('The support bundle is written');
  });
  return (
    <div className="column">
      <p className="second">
        Versions, settings, runs and logs in one file. Passwords, rows of your tables and results of SELECTs are never
        in it. Look at it before you send it.
      </p>
      <Checkbox
        checked={masked}
        onChange={(event) => setMasked(event.currentTarget.checked)}
        label="Replace names of hosts"
        description="By words that tell them apart, no more."
      />
      <div>
        <Button size="xs" variant="default" loading={writing.busy} onClick={writing.run}>
          Write the support bundle
        </Button>
      </div>
      {writing.problem !== null && <ProblemNotice problem={writing.problem} urgent />}
      {written !== null && (
        <div className="column" style={{ gap: 4 }}>
          <span className="small dim">Written, {formatBytes(written.bytes)}</span>
          <CopyLine value={written.path} label="Copy the path" />
        </div>
      )}
    </div>
  );
}
