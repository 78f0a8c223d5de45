/** The way back from what was saved at once: the last change first. Ctrl/Cmd+Z where settings are on screen. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useCommand } from '../../commands/useCommand.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { settingsTexts as texts } from './texts.ts';
import { remember, undoLast, useUndo } from './undo.ts';

const noticeId = 'settings-undo';

/** Says that something was saved, with the way back. */
export function offerUndo(label: string, undo: () => Promise<void>): void {
  remember({ label, undo });
  notifications.hide(noticeId);
  notifications.show({
    id: noticeId,
    message: (
      <span className="row">
        {texts.saved(label)}
        <Button size="compact-xs" variant="default" className="push" onClick={undoNow}>
          {texts.undo}
        </Button>
      </span>
    ),
    withCloseButton: true,
    closeButtonProps: { 'aria-label': texts.close },
  });
}

function undoNow(): void {
  notifications.hide(noticeId);
  void undoLast();
}

export function UndoButton() {
  const { changes, busy } = useUndo();
  const last = changes.at(-1);
  useCommand('settings.undo', undoNow, { enabled: last !== undefined });
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconArrowBackUp size={15} aria-hidden="true" />}
      disabled={last === undefined}
      loading={busy}
      onClick={undoNow}
    >
      {last === undefined ? texts.undo : texts.undoOf(last.label)}
    </Button>
  );
}

/** Why the last change could not be taken back. */
export function UndoProblem() {
  const problem = useUndo((state) => state.problem);
  return problem === null ? null : <ProblemNotice problem={problem} urgent />;
}
