import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { settingsTexts as texts } from './texts.ts';

interface CodesFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  readonly value: unknown;
  readonly say: (value: unknown) => void;
}

/** Codes in one line, with commas or blanks between. */
export function CodesField({ labelled, value, say }: CodesFieldProps) {
  const shown = Array.isArray(value) ? value.join(', ') : '';
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const leave = (): void => {
    if (text === shown) return;
    say([...new Set(text.split(/[\s,]+/).filter((code) => code !== ''))]);
  };
  return (
    <TextInput
      {...labelled}
      size="xs"
      value={text}
      placeholder={texts.noCodes}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Enter') leave();
      }}
      spellCheck={false}
      autoComplete="off"
    />
  );
}
