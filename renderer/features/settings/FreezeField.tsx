/** Whether changes are frozen, until when, why and by whom; set and lifted in a dialog. */
import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Freeze } from '../../../shared/model/changeWindow.ts';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { formatFullTime } from '../../format.ts';
import { isFreeze } from './layerFields.ts';
import { settingsTexts as texts } from './texts.ts';

interface FreezeFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  readonly value: unknown;
  readonly say: (value: unknown) => void;
}

export function FreezeField({ labelled, value, say }: FreezeFieldProps) {
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
      {editing && (
        <FreezeDialog
          freeze={lasts ? freeze : null}
          onClose={() => setEditing(false)}
          onSave={(changed) => {
            setEditing(false);
            say(changed);
          }}
        />
      )}
    </div>
  );
}

interface FreezeDialogProps {
  readonly freeze: Freeze | null;
  readonly onClose: () => void;
  readonly onSave: (freeze: Freeze | null) => void;
}

function FreezeDialog({ freeze, onClose, onSave }: FreezeDialogProps) {
  useReturnFocus();
  const [until, setUntil] = useState(freeze === null ? '' : localText(freeze.until));
  const [reason, setReason] = useState(freeze?.reason ?? '');
  const ready = until !== '' && reason.trim() !== '';
  return (
    <Modal opened onClose={onClose} title={<strong>{texts.freeze}</strong>}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          // Who it was is written in by the backend.
          onSave({ until: new Date(until).toISOString(), reason: reason.trim(), by: '' });
        }}
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
        <div className="row">
          <Button type="submit" disabled={!ready}>
            {texts.freezeNow}
          </Button>
          {freeze !== null && (
            <Button variant="default" onClick={() => onSave(null)}>
              {texts.lift}
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            {texts.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** As the control takes it: by this computer's clock, to the minute. */
function localText(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
