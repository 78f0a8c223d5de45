import { Button, Popover } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { backend } from '../connection.ts';
import { useAction } from '../useAction.ts';
import { ProblemNotice } from './ProblemNotice.tsx';
import { componentTexts as texts } from './texts.ts';

interface OpenInEditorProps {
  readonly environmentId: string;
  /** As the source names it. */
  readonly path: string;
  readonly line: number | null;
}

/** Shows a file of the migration folder in the editor that this computer's person has chosen. */
export function OpenInEditor({ environmentId, path, line }: OpenInEditorProps) {
  const opening = useAction(async () => {
    await backend().source.openInEditor({ environmentId, path, line });
  });
  return (
    <Popover opened={opening.problem !== null} onChange={opening.forget} position="bottom-end" width={440} shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconExternalLink size={13} />}
          loading={opening.busy}
          onClick={opening.run}
        >
          {texts.openInEditor}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {opening.problem !== null && <ProblemNotice problem={opening.problem} urgent />}
      </Popover.Dropdown>
    </Popover>
  );
}
