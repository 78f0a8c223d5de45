import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { longestKeyName } from '../../../shared/model/trustedKey.ts';
import { DialogForm } from '../../components/DialogForm.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { useAction } from '../../useAction.ts';
import { ComparedFingerprint } from './ComparedFingerprint.tsx';
import { keyTexts as texts } from './texts.ts';

interface TrustKeyDialogProps {
  readonly title: string;
  readonly fingerprint: string;
  /** @param whose in the words of whoever compared it */
  readonly trust: (whose: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Believing the key that signed what is on screen. */
export function TrustKeyDialog({ title, fingerprint, trust, onClose }: TrustKeyDialogProps) {
  const [name, setName] = useState('');
  const [compared, setCompared] = useState(false);
  const trusting = useAction(async () => {
    await trust(name.trim());
    announce(texts.trusted(name.trim()));
    onClose();
  });
  return (
    <DialogForm
      title={title}
      size="lg"
      action={trusting}
      ready={compared && name.trim() !== ''}
      words={{ submit: texts.trust, cancel: texts.cancel }}
      onClose={onClose}
    >
      <KeyName value={name} onChange={setName} autoFocus />
      <ComparedFingerprint fingerprint={fingerprint} compared={compared} onChange={setCompared} />
    </DialogForm>
  );
}

interface KeyNameProps {
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly autoFocus?: boolean;
}

export function KeyName({ value, onChange, autoFocus = false }: KeyNameProps) {
  return (
    <TextInput
      label={texts.whose}
      description={texts.whoseExample}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={longestKeyName}
      autoComplete="off"
      required
      {...(autoFocus ? { 'data-autofocus': true } : {})}
    />
  );
}
