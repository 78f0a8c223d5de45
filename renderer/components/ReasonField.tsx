/** Why something is done, in a person's words. */
import { Textarea } from '@mantine/core';

interface ReasonFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (reason: string) => void;
  readonly required?: boolean;
}

export function ReasonField({ onChange, ...field }: ReasonFieldProps) {
  return (
    <Textarea
      {...field}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={2000}
      autosize
      minRows={2}
    />
  );
}
