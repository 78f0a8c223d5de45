import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

export interface DialogButtonsProps {
  readonly words: { readonly submit: string; readonly cancel: string };
  /** All that is asked for is there. */
  readonly ready?: boolean;
  readonly busy?: boolean;
  /** It takes something away: leaving has the focus at first. */
  readonly dangerous?: boolean;
  /** A further button, beside the one that leaves. */
  readonly other?: ReactNode;
  readonly onClose: () => void;
  /** Absent: the form around them is submitted. */
  readonly onConfirm?: () => void;
}

/** How every dialog ends: leaving on the left, what is done on the right. */
export function DialogButtons(props: DialogButtonsProps) {
  const { words, ready = true, busy = false, dangerous = false, other, onClose, onConfirm } = props;
  return (
    <div className="row">
      <Button variant="default" onClick={onClose} {...(dangerous ? { 'data-autofocus': true } : {})}>
        {words.cancel}
      </Button>
      {other}
      <Button
        className="push"
        type={onConfirm === undefined ? 'submit' : 'button'}
        {...(dangerous ? { color: 'red' } : {})}
        {...(onConfirm === undefined ? {} : { onClick: onConfirm })}
        disabled={!ready}
        loading={busy}
      >
        {words.submit}
      </Button>
    </div>
  );
}
