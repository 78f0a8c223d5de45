import { Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Problem } from '../../shared/problem.ts';
import { DialogButtons, type DialogButtonsProps } from './DialogButtons.tsx';
import { ProblemNotice } from './ProblemNotice.tsx';
import { useReturnFocus } from './useReturnFocus.ts';

interface DialogFormProps extends Omit<DialogButtonsProps, 'busy' | 'onConfirm'> {
  readonly title: ReactNode;
  readonly size?: NonNullable<ModalProps['size']>;
  /** What is done: an action, or what cannot fail. */
  readonly action: { readonly run: () => void; readonly busy?: boolean; readonly problem?: Problem | null };
  readonly children: ReactNode;
}

/** A dialog that asks for something and does one thing with it; what fails is told in it. */
export function DialogForm({ title, size = 'md', action, children, ...buttons }: DialogFormProps) {
  useReturnFocus();
  const { run, busy = false, problem = null } = action;
  return (
    <Modal opened onClose={buttons.onClose} size={size} title={<DialogTitle>{title}</DialogTitle>}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          // Not for the form this dialog was opened from.
          event.stopPropagation();
          run();
        }}
      >
        {children}
        {problem !== null && <ProblemNotice problem={problem} urgent />}
        <DialogButtons {...buttons} busy={busy} />
      </form>
    </Modal>
  );
}

/** Words stand out; what an environment is called has its own look. */
const DialogTitle = ({ children }: { children: ReactNode }) =>
  typeof children === 'string' ? <strong>{children}</strong> : children;
