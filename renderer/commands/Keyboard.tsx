/** Turns key presses and the native menu's choices into commands. */
import { useEffect } from 'react';
import { messageType } from '../rpc.ts';
import { commandsOf, isEditing, isPlain, onMac } from './keys.ts';
import { commandById, give } from './registry.ts';

export function Keyboard() {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      if (isPlain(event) && (isTyping(event.target) || inDialog())) return;
      if (isEditing(event) && isTyping(event.target)) return;
      const meant = commandsOf(event, onMac()).filter((id) => !inDialog() || id === 'plan.start');
      if (meant.some(give)) event.preventDefault();
    };
    const onMessage = (event: MessageEvent<unknown>): void => {
      if (event.source !== window || messageType(event.data) !== 'lockkeeper:command') return;
      const id = typeof event.data === 'object' && event.data !== null && 'id' in event.data ? event.data.id : null;
      const command = typeof id === 'string' ? commandById(id) : null;
      if (command !== null) give(command.id);
    };
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('message', onMessage);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('message', onMessage);
    };
  }, []);
  return null;
}

const inDialog = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select'));
