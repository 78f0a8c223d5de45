import { Button, Checkbox, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DumpCommand } from '../../../shared/model/settings.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { useAction } from '../../useAction.ts';
import { commandOf } from './dumpCommand.ts';
import { settingsTexts as texts } from './texts.ts';

interface DumpCommandFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  readonly value: unknown;
  /** Rejects when it is refused. */
  readonly save: (value: unknown) => Promise<void>;
}

/** The command in one line, edited in a dialog: words, not a shell's line. */
export function DumpCommandField({ labelled, value, save }: DumpCommandFieldProps) {
  const [editing, setEditing] = useState(false);
  const command = commandOf(value);
  return (
    <div className="row">
      <span className="mono clip fill small" title={command?.command.join(' ')}>
        {command === null ? <span className="dim">{texts.foundOnThisComputer}</span> : command.command.join(' ')}
      </span>
      <Button size="compact-xs" variant="default" {...labelled} onClick={() => setEditing(true)}>
        {texts.locateElsewhere}
      </Button>
      {editing && <DumpCommandDialog command={command} onClose={() => setEditing(false)} save={save} />}
    </div>
  );
}

interface DumpCommandDialogProps {
  readonly command: DumpCommand | null;
  readonly onClose: () => void;
  readonly save: (command: DumpCommand | null) => Promise<void>;
}

function DumpCommandDialog({ command, onClose, save }: DumpCommandDialogProps) {
  const [words, setWords] = useState(command?.command.join('\n') ?? '');
  const [shell, setShell] = useState(command?.shell ?? false);
  const [host, setHost] = useState(command?.host ?? '');
  const [port, setPort] = useState<string | number>(command?.port ?? '');
  const lines = words.split('\n').filter((line) => line.trim() !== '');
  const saving = useAction(async (changed: DumpCommand | null) => {
    await save(changed);
    onClose();
  });
  const set = (): void =>
    saving.run({
      command: lines,
      shell,
      host: host.trim() === '' ? null : host.trim(),
      port: port === '' ? null : Number(port),
    });
  return (
    <DialogForm
      title={texts.whereTheDumpProgramIs}
      size="lg"
      action={{ ...saving, run: set }}
      ready={lines.length > 0}
      words={{ submit: texts.useThisCommand, cancel: texts.cancel }}
      other={
        command !== null && (
          <Button variant="default" onClick={() => saving.run(null)}>
            {texts.useWhatIsFoundHere}
          </Button>
        )
      }
      onClose={onClose}
    >
      <Textarea
        label={texts.command}
        description={texts.oneWordALineThe}
        placeholder={texts.dumpCommandExample}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        autosize
        minRows={4}
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-autofocus
      />
      <Checkbox
        checked={shell}
        onChange={(event) => setShell(event.currentTarget.checked)}
        label={texts.itsWordsReachAShell}
        description={texts.theyAreQuotedForThat}
      />
      <div className="field-grid even">
        <TextInput
          label={texts.hostAsSeenFromThere}
          placeholder={texts.theEnvironmentsOwn}
          value={host}
          onChange={(event) => setHost(event.currentTarget.value)}
          spellCheck={false}
        />
        <NumberInput
          label={texts.portAsSeenFromThere}
          placeholder={texts.theEnvironmentsOwn}
          value={port}
          onChange={setPort}
          min={1}
          max={65_535}
          allowDecimal={false}
          hideControls
        />
      </div>
    </DialogForm>
  );
}
