import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { saveText } from '../../saveText.ts';
import { useAction } from '../../useAction.ts';
import { TypedName } from '../gate/GatePanel.tsx';
import { type OpenFile, showText } from './planFile.ts';
import { approvalTexts as texts } from './texts.ts';

interface ApprovePanelProps {
  readonly file: OpenFile;
  readonly environment: string;
}

export function ApprovePanel({ file, environment }: ApprovePanelProps) {
  const [note, setNote] = useState('');
  const [typed, setTyped] = useState('');
  const approving = useAction(async () => {
    const { name } = file;
    const { text } = await backend().planFiles.approve({
      name,
      text: file.text,
      note: note.trim() === '' ? null : note.trim(),
    });
    saveText(name, text, 'application/json');
    showText(name, text);
  });
  return (
    <section className="panel" aria-label={texts.approveTitle}>
      <div className="panel-head">
        <h2>{texts.approveTitle}</h2>
      </div>
      <form
        className="panel-body column wide"
        onSubmit={(event) => {
          event.preventDefault();
          approving.run();
        }}
      >
        <Textarea
          label={texts.note}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={2000}
          autosize
        />
        <TypedName name={environment} value={typed} onChange={setTyped} />
        {approving.problem !== null && <ProblemNotice problem={approving.problem} urgent />}
        <Button type="submit" loading={approving.busy} disabled={typed !== environment}>
          {texts.approve}
        </Button>
      </form>
    </section>
  );
}
