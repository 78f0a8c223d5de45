/** Whether changes are frozen, until when, why and by whom; set and lifted in a dialog. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Freeze } from '../../../shared/model/changeWindow.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { formatFullTime } from '../../format.ts';
import { useAction } from '../../useAction.ts';
import { isFreeze } from './layerFields.ts';
import { settingsTexts as texts } from './texts.ts';

interface FreezeFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  readonly value: unknown;
  /** Rejects when it is refused. */
  readonly save: (value: unknown) => Promise<void>;
}

export function FreezeField({ labelled, value, save }: FreezeFieldProps) {
  const [editing, setEditing] = useState(false);
  const freeze = isFreeze(value) ? value : null;
  const lasts = freeze !== null && Date.parse(freeze.until) > Date.now();
  return (
    <div className="row">
      <span className="clip fill small" title={freeze === null ? '' : texts.frozenBy(freeze.by, freeze.reason)}>
        {lasts ? texts.frozenUntil(formatFullTime(freeze.until)) : <span className="dim">{texts.notFrozen}</span>}
      </span>
      <Button size="compact-xs" variant="default" {...labelled} onClick={() => setEditing(true)}>
        {texts.change}
      </Button>
      {editing && <FreezeDialog freeze={lasts ? freeze : null} onClose={() => setEditing(false)} save={save} />}
    </div>
  );
}

interface FreezeDialogProps {
  readonly freeze: Freeze | null;
  readonly onClose: () => void;
  readonly save: (freeze: Freeze | null) => Promise<void>;
}

function FreezeDialog({ freeze, onClose, save }: FreezeDialogProps) {
  const [until, setUntil] = useState(freeze === null ? '' : localText(freeze.until));
  const [reason, setReason] = useState(freeze?.reason ?? '');
  const saving = useAction(async (changed: Freeze | null) => {
    await save(changed);
    onClose();
  });
  // Who it was is written in by the backend.
  const set = () => saving.run({ until: new Date(until).toISOString(), reason: reason.trim(), by: '' });
  return (
    <DialogForm
      title={texts.freeze}
      action={{ ...saving, run: set }}
      ready={until !== '' && reason.trim() !== ''}
      words={{ submit: texts.freezeNow, cancel: texts.cancel }}
      other={
        freeze !== null && (
          <Button variant="default" onClick={() => saving.run(null)}>
            {texts.lift}
          </Button>
        )
      }
      onClose={onClose}
    >
      {freeze !== null && <p className="second">{texts.frozenBy(freeze.by, freeze.reason)}</p>}
      <TextInput
        type="datetime-local"
        label={texts.until}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label={texts.freezeReason}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={2000}
      />
    </DialogForm>
  );
}

/** As the control takes it: by this computer's clock, to the minute. */
function localText(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
