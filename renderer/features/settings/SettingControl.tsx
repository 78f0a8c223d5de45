/** The control of one setting: takes effect when it is changed, or left. */
import { NativeSelect, NumberInput, Switch } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Hook } from '../../../shared/model/hook.ts';
import { CodesField } from './CodesField.tsx';
import { DumpCommandField } from './DumpCommandField.tsx';
import { FreezeField } from './FreezeField.tsx';
import { HooksField } from './HooksField.tsx';
import { LineField } from './LineField.tsx';
import type { SettingField } from './layerFields.ts';
import { WindowsField } from './WindowsField.tsx';

interface SettingControlProps {
  readonly field: SettingField;
  /** What holds now, whoever says it. */
  readonly value: unknown;
  /** Whose settings; null: of several. */
  readonly environmentId: string | null;
  readonly busy: boolean;
  readonly say: (value: unknown) => void;
  /** As `say`, for a dialog that tells itself why it was refused. */
  readonly save: (value: unknown) => Promise<void>;
}

export function SettingControl({ field, value, environmentId, busy, say, save }: SettingControlProps) {
  const labelled = { 'aria-labelledby': `setting-${field.path.join('-')}` };
  switch (field.kind) {
    case 'switch':
      return (
        <Switch
          {...labelled}
          checked={value === true}
          disabled={busy}
          onChange={(event) => say(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          {...labelled}
          size="xs"
          value={typeof value === 'string' ? value : ''}
          disabled={busy}
          onChange={(event) => say(event.currentTarget.value)}
          data={[...field.options]}
        />
      );
    case 'number':
      return (
        <NumberField labelled={labelled} field={field} value={typeof value === 'number' ? value : null} say={say} />
      );
    case 'folder':
      return (
        <FolderField labelled={labelled} none={field.none} value={typeof value === 'string' ? value : ''} say={say} />
      );
    case 'codes':
      return <CodesField labelled={labelled} value={value} say={say} />;
    case 'windows':
      return <WindowsField labelled={labelled} value={value} save={save} />;
    case 'freeze':
      return <FreezeField labelled={labelled} value={value} save={save} />;
    case 'hooks':
      return (
        <HooksField
          labelled={labelled}
          hooks={value as readonly Hook[]}
          environmentId={environmentId}
          say={say}
          save={save}
        />
      );
    case 'command':
      return <DumpCommandField labelled={labelled} value={value} save={save} />;
  }
}

interface NumberFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  readonly field: SettingField & { readonly kind: 'number' };
  readonly value: number | null;
  readonly say: (value: unknown) => void;
}

function NumberField({ labelled, field, value, say }: NumberFieldProps) {
  const [text, setText] = useState<string | number>(value ?? '');
  useEffect(() => setText(value ?? ''), [value]);
  const leave = (): void => {
    const number = text === '' ? null : Number(text);
    if (number === value) return;
    if (number === null && field.none === undefined) setText(value ?? '');
    else say(number);
  };
  return (
    <NumberInput
      {...labelled}
      size="xs"
      value={text}
      onChange={setText}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Enter') leave();
      }}
      min={field.least}
      max={field.most}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="strict"
      hideControls
      placeholder={field.none}
    />
  );
}

interface FolderFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  readonly none: string;
  readonly value: string;
  readonly say: (value: unknown) => void;
}

function FolderField({ labelled, none, value, say }: FolderFieldProps) {
  const leave = (text: string): void => {
    if (text.trim() !== value) say(text.trim() === '' ? null : text.trim());
  };
  return <LineField labelled={labelled} shown={value} none={none} onLeave={leave} />;
}
