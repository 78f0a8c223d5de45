import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

interface LineFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  /** As it is stored. */
  readonly shown: string;
  readonly none: string;
  /** With Enter, or when the field is left. */
  readonly onLeave: (text: string) => void;
}

/** A setting of one line: typed freely, and taken when it is left. */
export function LineField({ labelled, shown, none, onLeave }: LineFieldProps) {
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  return (
    <TextInput
      {...labelled}
      size="xs"
      value={text}
      placeholder={none}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => onLeave(text)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onLeave(text);
      }}
      spellCheck={false}
      autoComplete="off"
    />
  );
}
