/** Where the installed application looks for its updates; nowhere until somebody says so. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { settingsTexts as texts } from './texts.ts';
import { offerUndo } from './UndoButton.tsx';

export function Updates({ address }: { address: string | null }) {
  const [wanted, setWanted] = useState(address ?? '');
  const saving = useAction(async (next: string | null) => {
    await save(next);
    setWanted(next ?? '');
    offerUndo(texts.updateAddress, () => save(address));
  });
  return (
    <form
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        saving.run(wanted.trim() === '' ? null : wanted.trim());
      }}
    >
      <p className="second">{address === null ? texts.updatesHelp : texts.updatesOn}</p>
      <div className="row">
        <TextInput
          className="fill"
          aria-label={texts.updateAddress}
          placeholder={texts.updatesAddressExample}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" size="xs" variant="default" loading={saving.busy}>
          {texts.saveUpdateAddress}
        </Button>
        {address !== null && (
          <Button size="xs" variant="default" onClick={() => saving.run(null)}>
            {texts.switchUpdatesOff}
          </Button>
        )}
      </div>
      {saving.problem !== null && <ProblemNotice problem={saving.problem} urgent />}
    </form>
  );
}

async function save(updateAddress: string | null): Promise<void> {
  await backend().settings.set({ updateAddress });
  await refresh(readings.settings());
}
