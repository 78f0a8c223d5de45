/** When changes may be made: in words, edited in a dialog. */
import { ActionIcon, Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { type ChangeWindow, changeWindowWords, weekdays } from '../../../shared/model/changeWindow.ts';
import { DialogButtons } from '../../components/DialogButtons.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { useAction } from '../../useAction.ts';
import { settingsTexts as texts } from './texts.ts';

interface WindowsFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  readonly value: unknown;
  /** Rejects when it is refused. */
  readonly save: (value: unknown) => Promise<void>;
}

export function WindowsField({ labelled, value, save }: WindowsFieldProps) {
  const [editing, setEditing] = useState(false);
  // The backend has checked what it stores.
  const windows = Array.isArray(value) ? (value as readonly ChangeWindow[]) : [];
  const words = windows.map(changeWindowWords).join('; ');
  return (
    <div className="row">
      <span className="clip fill small" title={words}>
        {words === '' ? <span className="dim">{texts.anyTime}</span> : words}
      </span>
      <Button size="compact-xs" variant="default" {...labelled} onClick={() => setEditing(true)}>
        {texts.change}
      </Button>
      {editing && <WindowsDialog windows={windows} onClose={() => setEditing(false)} save={save} />}
    </div>
  );
}

interface WindowsDialogProps {
  readonly windows: readonly ChangeWindow[];
  readonly onClose: () => void;
  readonly save: (windows: readonly ChangeWindow[]) => Promise<void>;
}

function WindowsDialog({ windows, onClose, save }: WindowsDialogProps) {
  useReturnFocus();
  const [kept, setKept] = useState(windows);
  const saving = useAction(async () => {
    await save(kept);
    onClose();
  });
  return (
    <Modal opened onClose={onClose} size="lg" title={<strong>{texts.changeWindows}</strong>}>
      <div className="column wide">
        {kept.length === 0 && <p className="dim">{texts.anyTime}</p>}
        {kept.map((window) => {
          const words = changeWindowWords(window);
          return (
            <div key={words} className="row">
              <span className="fill">{words}</span>
              <ActionIcon
                aria-label={texts.removeWindow(words)}
                onClick={() => setKept(kept.filter((one) => one !== window))}
              >
                <IconX size={15} />
              </ActionIcon>
            </div>
          );
        })}
        <NewWindow
          onAdd={(window) =>
            setKept([...kept.filter((one) => changeWindowWords(one) !== changeWindowWords(window)), window])
          }
        />
        {saving.problem !== null && <ProblemNotice problem={saving.problem} urgent />}
        <DialogButtons
          words={{ submit: texts.save, cancel: texts.cancel }}
          busy={saving.busy}
          onClose={onClose}
          onConfirm={saving.run}
        />
      </div>
    </Modal>
  );
}

function NewWindow({ onAdd }: { onAdd: (window: ChangeWindow) => void }) {
  const [days, setDays] = useState<ChangeWindow['days']>([]);
  const [from, setFrom] = useState('22:00');
  const [to, setTo] = useState('04:00');
  const [timeZone, setTimeZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <fieldset className="column wide new-window">
      <legend>{texts.addWindow}</legend>
      <div className="row wraps">
        {weekdays.map((day) => (
          <Checkbox
            key={day}
            label={texts.dayNames[day]}
            checked={days.includes(day)}
            onChange={(event) =>
              setDays(weekdays.filter((one) => (one === day ? event.currentTarget.checked : days.includes(one))))
            }
          />
        ))}
      </div>
      <div className="field-grid even">
        <TextInput
          type="time"
          label={texts.from}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput type="time" label={texts.until} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </div>
      <TextInput
        label={texts.timeZone}
        description={texts.nextDay}
        value={timeZone}
        list="time-zones"
        onChange={(event) => setTimeZone(event.currentTarget.value)}
        spellCheck={false}
      />
      <datalist id="time-zones">
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className="row">
        <Button
          size="xs"
          variant="default"
          disabled={days.length === 0 || from === '' || to === '' || timeZone.trim() === ''}
          onClick={() => onAdd({ days, from, to, timeZone: timeZone.trim() })}
        >
          {texts.addWindow}
        </Button>
      </div>
    </fieldset>
  );
}
