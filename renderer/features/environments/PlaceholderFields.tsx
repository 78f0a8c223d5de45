/** Values that scripts of this environment get where they say `${name}`. */
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { FieldsProps } from './fields.ts';
import { connectionTexts as texts } from './texts.ts';

export function PlaceholderFields({ draft, change }: Omit<FieldsProps, 'missing'>) {
  const [name, setName] = useState('');
  const { placeholders } = draft;
  const put = (key: string, value: string): void => change({ placeholders: { ...placeholders, [key]: value } });
  const drop = (key: string): void =>
    change({ placeholders: Object.fromEntries(Object.entries(placeholders).filter(([one]) => one !== key)) });
  const add = (): void => {
    const key = name.trim();
    if (key === '' || Object.hasOwn(placeholders, key)) return;
    put(key, '');
    setName('');
  };
  return (
    <fieldset className="placeholders">
      <legend>{texts.placeholders}</legend>
      {Object.entries(placeholders).map(([key, value]) => (
        <div key={key} className="row">
          <span className="mono clip placeholder-name" title={key}>
            {`\${${key}}`}
          </span>
          <TextInput
            className="fill"
            aria-label={texts.valueOf(key)}
            value={value}
            onChange={(event) => put(key, event.currentTarget.value)}
            spellCheck={false}
            autoComplete="off"
          />
          <ActionIcon aria-label={texts.remove2(key)} onClick={() => drop(key)}>
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <div className="row">
        <TextInput
          className="fill"
          aria-label={texts.nameOfAPlaceholder}
          placeholder={texts.nameAsTheScriptsHave}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
          spellCheck={false}
          autoComplete="off"
        />
        <Button variant="default" disabled={name.trim() === ''} onClick={add}>
          {texts.add}
        </Button>
      </div>
    </fieldset>
  );
}
