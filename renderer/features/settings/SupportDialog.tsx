/** The support bundle from wherever one is: Help in the menu, and the command palette. */
import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useCommand } from '../../commands/useCommand.ts';
import { SupportBundle } from './SupportBundle.tsx';
import { settingsTexts as texts } from './texts.ts';

export function SupportDialog() {
  const [opened, setOpened] = useState(false);
  useCommand('support.show', () => setOpened(true));
  return (
    <Modal opened={opened} onClose={() => setOpened(false)} title={<strong>{texts.support}</strong>}>
      <SupportBundle />
    </Modal>
  );
}
