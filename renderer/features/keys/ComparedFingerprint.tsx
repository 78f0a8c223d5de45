import { Checkbox } from '@mantine/core';
import { keyTexts as texts } from './texts.ts';
import './keys.css';

interface ComparedFingerprintProps {
  readonly fingerprint: string;
  readonly compared: boolean;
  readonly onChange: (compared: boolean) => void;
}

/** A key is as good as its way here: somebody must say that its fingerprint is the one that its owner names. */
export function ComparedFingerprint({ fingerprint, compared, onChange }: ComparedFingerprintProps) {
  return (
    <>
      <p className="second">{texts.askItsOwner}</p>
      <p className="mono fingerprint">{fingerprint}</p>
      <Checkbox label={texts.compared} checked={compared} onChange={(event) => onChange(event.currentTarget.checked)} />
    </>
  );
}
