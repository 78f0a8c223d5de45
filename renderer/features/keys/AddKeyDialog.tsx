/** Believing a key from now on: its text, then its fingerprint, which its owner must have named by another way. */
import { Button, Checkbox, Textarea } from '@mantine/core';
import { useState } from 'react';
import {
  type KeyPurpose,
  keyPurposes,
  longestKey,
  type ReadKey,
  type TrustedKey,
} from '../../../shared/model/trustedKey.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { pickFile } from '../../pickFile.ts';
import { readings } from '../../readings.ts';
import { type Reading, refresh, useResource } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { ComparedFingerprint } from './ComparedFingerprint.tsx';
import { KeyName } from './TrustKeyDialog.tsx';
import { keyTexts as texts } from './texts.ts';

const readingOf = (key: string): Reading<ReadKey> | null =>
  key.trim() === '' ? null : { key: `keyToTrust:${key}`, read: () => backend().trustedKeys.read({ key }) };

export default function AddKeyDialog({ keys, onClose }: { keys: readonly TrustedKey[]; onClose: () => void }) {
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [purposes, setPurposes] = useState<readonly KeyPurpose[]>(['bundles']);
  /** The fingerprint that was compared; another key's counts for nothing. */
  const [compared, setCompared] = useState<string | null>(null);
  const { data: key, problem } = useResource(readingOf(text));
  const known = keys.find(({ publicKey }) => publicKey === key?.publicKey);
  const adding = useAction(async () => {
    await backend().trustedKeys.add({
      key: text,
      name: name.trim(),
      purposes: [...purposes],
      fingerprint: compared ?? '',
    });
    await refresh(readings.trustedKeys());
    announce(texts.trusted(name.trim()));
    onClose();
  });
  return (
    <DialogForm
      title={texts.addTitle}
      size="lg"
      action={adding}
      ready={key !== null && compared === key.fingerprint && name.trim() !== '' && purposes.length > 0}
      words={{ submit: texts.trust, cancel: texts.cancel }}
      onClose={onClose}
    >
      <Textarea
        label={texts.key}
        description={texts.keyHelp}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        minRows={3}
        maxRows={6}
        autosize
        spellCheck={false}
        classNames={{ input: 'mono' }}
        data-autofocus
        required
      />
      <div className="row">
        <Button
          size="xs"
          variant="default"
          onClick={() => pickFile('', async (file) => setText(await file.slice(0, longestKey + 1).text()))}
        >
          {texts.fromFile}
        </Button>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
      {key !== null && (
        <>
          <ComparedFingerprint
            fingerprint={key.fingerprint}
            compared={compared === key.fingerprint}
            onChange={(same) => setCompared(same ? key.fingerprint : null)}
          />
          {known !== undefined && (
            <p className="second">
              {texts.known(known.name, known.purposes.map((one) => texts.purposes[one]).join(', '))}
            </p>
          )}
        </>
      )}
      <KeyName value={name} onChange={setName} />
      <Checkbox.Group
        label={texts.purpose}
        value={[...purposes]}
        onChange={(values) => setPurposes(keyPurposes.filter((one) => values.includes(one)))}
      >
        <div className="row wide" style={{ marginTop: 6 }}>
          {keyPurposes.map((one) => (
            <Checkbox key={one} value={one} label={texts.purposes[one]} />
          ))}
        </div>
      </Checkbox.Group>
    </DialogForm>
  );
}
