/** The first screen of all: three doors to a first environment. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh } from '../../resources.ts';
import { useAction } from '../../useAction.ts';
import { openAddEnvironment, openDialog } from './dialogs.ts';

export function FirstRun() {
  const [url, setUrl] = useState('');
  const demo = useAction(async () => {
    await backend().application.createDemo();
    await refresh(readings.environments());
  });
  return (
    <div className="first-run">
      <header>
        <img src="./icon.svg" alt="" />
        <h1 tabIndex={-1}>Which database shall Lockkeeper look after?</h1>
        <p className="second">
          It reads the migration folder you already have and the history table your tool already keeps. Looking changes
          nothing.
        </p>
      </header>
      <div className="doors">
        <form
          className="panel door"
          onSubmit={(event) => {
            event.preventDefault();
            openDialog({ kind: 'add', url, copyOf: null });
          }}
        >
          <h2>Paste a connection</h2>
          <p className="second">A URL or a driver string; every field is filled from it.</p>
          <TextInput
            aria-label="Connection URL"
            placeholder="postgres://user@host:5432/database"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
          <div className="door-foot">
            <Button type="submit" fullWidth disabled={url.trim() === ''}>
              Continue
            </Button>
          </div>
        </form>
        <section className="panel door">
          <h2>Fill in the fields</h2>
          <p className="second">
            PostgreSQL, MySQL, MariaDB or an SQLite file, with every step of the connection tested.
          </p>
          <div className="door-foot">
            <Button variant="default" fullWidth onClick={openAddEnvironment}>
              Add environment
            </Button>
          </div>
        </section>
        <section className="panel door">
          <h2>Try the demo</h2>
          <p className="second">
            Two SQLite databases of a bakery on this computer, with pending migrations, a changed file and a risky step.
          </p>
          <div className="door-foot">
            <Button variant="default" fullWidth loading={demo.busy} onClick={() => demo.run()}>
              Create the demo
            </Button>
          </div>
        </section>
      </div>
      {demo.problem !== null && <ProblemNotice problem={demo.problem} urgent />}
    </div>
  );
}
