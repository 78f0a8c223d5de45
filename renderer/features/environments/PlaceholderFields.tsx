/** Values that scripts of this environment get where they say `${name}`. */
import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { FieldsProps } from './fields.ts';

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
      <legend>Placeholders</legend>
      {Object.entries(placeholders).map(([key, value]) => (
        <div key={key} className="row">
          <span className="mono clip placeholder-name" title={key}>
            {`\${${key}}`}
          </span>
          <TextInput
            className="fill"
            aria-label={`Value of ${key}`}
            value={value}
            onChange={(event) => put(key, event.currentTarget.value)}
            spellCheck={false}
            autoComplete="off"
          />
          <ActionIcon aria-label={`Remove ${key}`} onClick={() => drop(key)}>
            <IconX size={15} />
          </ActionIcon>
        </div>
      ))}
      <div className="row">
        <TextInput
          className="fill"
          aria-label="Name of a placeholder"
          placeholder="Name, as the scripts have it"
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
          Add
        </Button>
      </div>
    </fieldset>
  );
}
