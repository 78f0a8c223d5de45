/** Makes a bundle of an environment's migrations, signed with this installation's key, and offers it as a file. */
import { Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { bundleEnding } from '../../../shared/model/bundle.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { DialogButtons } from '../../components/DialogButtons.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { saveFile } from '../../saveText.ts';
import { useAction } from '../../useAction.ts';
import { bundleTexts as texts } from './texts.ts';

interface CreateDialogProps {
  /** Of which it is made; absent: it is chosen here. */
  readonly environmentId?: string;
  readonly onClose: () => void;
}

export default function CreateDialog({ environmentId, onClose }: CreateDialogProps) {
  useReturnFocus();
  const environments = useResource(readings.environments()).data;
  const withFolder = (environments ?? []).filter(({ environment }) => environment.source !== null);
  const [chosen, setChosen] = useState(environmentId ?? '');
  const summary = withFolder.find(({ environment }) => environment.id === chosen) ?? null;
  return (
    <Modal opened onClose={onClose} size="lg" title={<strong>{texts.makeTitle}</strong>}>
      <div className="column wide">
        <NativeSelect
          label={texts.makeFrom}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={[
            { value: '', label: texts.chooseAnEnvironment, disabled: true },
            ...withFolder.map(({ environment }) => ({ value: environment.id, label: environment.name })),
          ]}
          data-autofocus
        />
        {summary !== null && <CreateForm key={chosen} summary={summary} onClose={onClose} />}
      </div>
    </Modal>
  );
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

function CreateForm({ summary, onClose }: { summary: EnvironmentSummary; onClose: () => void }) {
  const { id, name } = summary.environment;
  const status = useResource(readings.status(id));
  const key = useResource(readings.ownKey());
  const [wish, setWish] = useState({ from: '', to: '', origin: '', notes: '', applications: '', extensions: '' });
  const set = (field: keyof typeof wish) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setWish((before) => ({ ...before, [field]: value }));
  };
  const making = useAction(async () => {
    const { base64 } = await backend().bundles.create({
      environmentId: id,
      from: orNull(wish.from),
      to: orNull(wish.to),
      origin: orNull(wish.origin),
      notes: orNull(wish.notes),
      requires: {
        applications: listOf(wish.applications),
        schemaVersion: null,
        servers: [],
        extensions: listOf(wish.extensions),
      },
    });
    const file = `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}${wish.to === '' ? '' : `-${wish.to}`}${bundleEnding}`;
    saveFile(
      file,
      Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)),
      'application/octet-stream',
    );
    announce(texts.made(file));
    onClose();
  });
  const versions = (status.data?.migrations ?? []).map(({ version, name: title }) => ({
    value: version,
    label: `${version} ${title}`,
  }));
  return (
    <form
      className="column wide"
      onSubmit={(event) => {
        event.preventDefault();
        making.run();
      }}
    >
      {status.problem !== null && <ProblemNotice problem={status.problem} />}
      <NativeSelect
        label={texts.from}
        value={wish.from}
        onChange={set('from')}
        data={[{ value: '', label: texts.theFirst }, ...versions]}
      />
      <NativeSelect
        label={texts.to}
        value={wish.to}
        onChange={set('to')}
        data={[{ value: '', label: texts.theLast }, ...versions]}
      />
      <TextInput
        label={texts.originField}
        description={texts.originExample}
        value={wish.origin}
        onChange={set('origin')}
        maxLength={1000}
      />
      <Textarea
        label={texts.notes}
        description={texts.notesMeans}
        value={wish.notes}
        onChange={set('notes')}
        maxLength={20_000}
        autosize
        minRows={2}
      />
      <TextInput
        label={texts.applications}
        description={texts.listed}
        value={wish.applications}
        onChange={set('applications')}
      />
      <TextInput
        label={texts.extensionsField}
        description={texts.listed}
        value={wish.extensions}
        onChange={set('extensions')}
      />
      {key.problem !== null && <ProblemNotice problem={key.problem} tone="attention" />}
      {key.data !== null && (
        <div className="column">
          <span className="small dim">{texts.signedWith}</span>
          <CopyLine value={key.data.fingerprint} label={texts.copyFingerprint} />
        </div>
      )}
      {making.problem !== null && <ProblemNotice problem={making.problem} urgent />}
      <DialogButtons words={{ submit: texts.make, cancel: texts.cancel }} busy={making.busy} onClose={onClose} />
    </form>
  );
}
