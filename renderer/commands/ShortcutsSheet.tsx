import { Modal } from '@mantine/core';
import { useState } from 'react';
import { type CommandWhere, commands, commandWhereTitles } from '../../shared/commands.ts';
import { Keys } from './Keys.tsx';
import { useCommand } from './useCommand.ts';
import './commands.css';

const wheres: readonly CommandWhere[] = ['everywhere', 'environment', 'migration', 'plan', 'run'];

/** `?`: every shortcut, from the registry. */
export function ShortcutsSheet() {
  const [opened, setOpened] = useState(false);
  useCommand('shortcuts.show', () => setOpened(true));
  return (
    <Modal opened={opened} onClose={() => setOpened(false)} title={<strong>Keyboard shortcuts</strong>} size="lg">
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
        <section>
          <h3>In lists</h3>
          <dl>
            <div>
              <dt>Move between rows</dt>
              <dd>
                <Keys keys="↑" />
                <Keys keys="↓" />
              </dd>
            </div>
            <div>
              <dt>Open</dt>
              <dd>
                <Keys keys="Enter" />
              </dd>
            </div>
            <div>
              <dt>Close or clear; never cancels a run</dt>
              <dd>
                <Keys keys="Esc" />
              </dd>
            </div>
          </dl>
        </section>
      </div>
    </Modal>
  );
}
