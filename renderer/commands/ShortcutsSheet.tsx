import { Modal } from '@mantine/core';
import { useState } from 'react';
import { type CommandWhere, commands, commandWhereTitles } from '../../shared/commands.ts';
import { fixedKeys } from './fixedKeys.ts';
import { Keys } from './Keys.tsx';
import { commandTexts as texts } from './texts.ts';
import { useCommand } from './useCommand.ts';
import './commands.css';

const wheres: readonly CommandWhere[] = ['everywhere', 'matrix', 'environment', 'migration', 'plan', 'run', 'settings'];

/** `?`: every shortcut, from the registry. */
export function ShortcutsSheet() {
  const [opened, setOpened] = useState(false);
  useCommand('shortcuts.show', () => setOpened(true));
  return (
    <Modal opened={opened} onClose={() => setOpened(false)} title={<strong>{texts.shortcuts}</strong>} size="lg">
      <div className="shortcuts">
        {wheres.map((where) => (
          <section key={where}>
            <h3>{commandWhereTitles[where]}</h3>
            <dl>
              {commands
                .filter((command) => command.where === where && command.keys.length > 0)
                .map((command) => (
                  <div key={command.id}>
                    <dt>{command.title}</dt>
                    <dd>
                      {command.keys.slice(0, 1).map((keys) => (
                        <Keys key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
        {fixedKeys.map(({ title, entries }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {entries.map(({ what, keys }) => (
                <div key={what}>
                  <dt>{what}</dt>
                  <dd>
                    {keys.map((one) => (
                      <Keys key={one} keys={one} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
