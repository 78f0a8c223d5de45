/** Offers a file that the backend makes; a failure is told beside the button. */
import { Button } from '@mantine/core';
import { IconFileDownload } from '@tabler/icons-react';
import { useAction } from '../useAction.ts';
import { ProblemNotice } from './ProblemNotice.tsx';

export function SaveButton({ label, save }: { label: string; save: () => Promise<void> }) {
  const saving = useAction(save);
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconFileDownload size={15} />}
        loading={saving.busy}
        onClick={saving.run}
      >
        {label}
      </Button>
      {saving.problem !== null && <ProblemNotice problem={saving.problem} urgent />}
    </>
  );
}
