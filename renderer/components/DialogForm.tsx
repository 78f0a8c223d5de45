import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Action } from '../useAction.ts';
import { ProblemNotice } from './ProblemNotice.tsx';

interface DialogFormProps {
  readonly title: string;
  readonly action: Action<[]>;
  /** All that is asked for is there. */
  readonly ready: boolean;
  readonly words: { readonly submit: string; readonly cancel: string };
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog that asks for something and does one thing with it; what fails is told in it. */
export function DialogForm({ title, action, ready, words, onClose, children }: DialogFormProps) {
  return (
    <Modal opened onClose={onClose} title={<strong>{title}</strong>}>
      <form
        className="column wide"
        onSubmit={(event) => {
          event.preventDefault();
          action.run();
        }}
      >
        {children}
        {action.problem !== null && <ProblemNotice problem={action.problem} urgent />}
        <div className="row">
          <Button type="submit" loading={action.busy} disabled={!ready}>
            {words.submit}
          </Button>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
