/** Whether a passphrase keeps the administrator's part, and setting one. */
import { Button, NativeSelect, NumberInput, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { type RoleStatus, type StartingRole, startingRoles } from '../../../shared/model/role.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { useAction } from '../../useAction.ts';
import { openUnlock, roleChanged, useRole } from './roleStatus.ts';
import { roleTexts as texts } from './texts.ts';

const leastCharacters = 12;

export function RoleSettings() {
  const status = useRole();
  const [setting, setSetting] = useState(false);
  const removing = useAction(async () => {
    await backend().roles.removePassphrase();
    await roleChanged();
  });
  if (status === null) return null;
  const isLocked = status.passphrase && status.unlockedUntil === null;
  return (
    <div className="column">
      <p className="second">{texts.help}</p>
      <p>{status.passphrase ? texts.isSet(texts.articled[status.startsAs]) : texts.noneSet}</p>
      {removing.problem !== null && <ProblemNotice problem={removing.problem} urgent />}
      <div className="row wraps">
        {isLocked ? (
          <Button size="xs" onClick={openUnlock}>
            {texts.unlockTitle}
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={() => setSetting(true)}>
            {status.passphrase ? texts.changePassphrase : texts.setPassphrase}
          </Button>
        )}
        {status.passphrase && !isLocked && (
          <Button size="xs" variant="default" loading={removing.busy} onClick={removing.run}>
            {texts.removePassphrase}
          </Button>
        )}
      </div>
      {setting && <PassphraseDialog status={status} onClose={() => setSetting(false)} />}
    </div>
  );
}

function PassphraseDialog({ status, onClose }: { status: RoleStatus; onClose: () => void }) {
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [startsAs, setStartsAs] = useState<StartingRole>(status.startsAs);
  const [minutes, setMinutes] = useState<string | number>(status.unlockMinutes);
  const saving = useAction(async () => {
    await backend().roles.setPassphrase({ passphrase, startsAs, unlockMinutes: Number(minutes) });
    await roleChanged();
    onClose();
  });
  const ready = passphrase.length >= leastCharacters && passphrase === again && Number(minutes) >= 1;
  return (
    <DialogForm
      title={texts.setTitle}
      action={saving}
      ready={ready}
      words={{ submit: texts.save, cancel: texts.cancel }}
      onClose={onClose}
    >
      <PasswordInput
        label={texts.newPassphrase}
        description={texts.atLeast(leastCharacters)}
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
        autoComplete="new-password"
        data-autofocus
        required
      />
      <PasswordInput
        label={texts.again}
        value={again}
        onChange={(event) => setAgain(event.currentTarget.value)}
        autoComplete="new-password"
        required
      />
      <NativeSelect
        label={texts.without}
        value={startsAs}
        onChange={(event) => setStartsAs(event.currentTarget.value === 'viewer' ? 'viewer' : 'operator')}
        data={startingRoles.map((value) => ({ value, label: texts.names[value] }))}
      />
      <NumberInput
        label={texts.minutes}
        value={minutes}
        onChange={setMinutes}
        min={1}
        max={480}
        allowDecimal={false}
        clampBehavior="strict"
      />
    </DialogForm>
  );
}
