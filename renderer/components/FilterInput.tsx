import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef } from 'react';
import { useCommand } from '../commands/useCommand.ts';

interface FilterInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The filter of the list on screen: `/` goes there, Escape clears it. */
export function FilterInput({ label, value, onChange }: FilterInputProps) {
  const input = useRef<HTMLInputElement>(null);
  useCommand('view.filter', () => input.current?.focus());
  return (
    <TextInput
      ref={input}
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      w={260}
      leftSection={<IconSearch size={15} />}
      rightSection={value === '' ? <kbd className="key">/</kbd> : null}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        if (value === '') event.currentTarget.blur();
        else onChange('');
      }}
    />
  );
}

/** Do all words of `filter` occur in one of the texts? */
export function matches(filter: string, texts: readonly (string | null | undefined)[]): boolean {
  const whole = texts
    .filter((text) => text !== null && text !== undefined)
    .join('\n')
    .toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
