import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const undoNotice = 'settings-undo';

/** Says that something was saved, with the way back. */
export function offerUndo(undo: () => void): void {
  notifications.hide(undoNotice);
  notifications.show({
    id: undoNotice,
    message: (
      <span className="row">
        Saved
        <Button
          size="compact-xs"
          variant="default"
          className="push"
          onClick={() => {
            notifications.hide(undoNotice);
            undo();
          }}
        >
          Undo
        </Button>
      </span>
    ),
    withCloseButton: true,
  });
}
