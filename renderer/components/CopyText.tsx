import { ActionIcon, Button, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { componentTexts as texts } from './texts.ts';

/** A small button that copies `value`. */
export function CopyIcon({ value, label }: { value: string; label: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? texts.copied : label}>
          <ActionIcon
            onClick={(event) => {
              event.stopPropagation();
              copy();
            }}
            aria-label={label}
            size="sm"
          >
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** Text with its copy button, as one line of code. */
export function CopyLine({ value, label }: { value: string; label: string }) {
  return (
    <div className="copyable">
      <code className="code-line">{value}</code>
      <CopyIcon value={value} label={label} />
    </div>
  );
}

export function CopyWordButton({ value, label }: { value: string; label: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          size="xs"
          onClick={copy}
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        >
          {copied ? texts.copied : label}
        </Button>
      )}
    </CopyButton>
  );
}
