/** The first screen of all: three doors to a first environment. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useAction } from '../../useAction.ts';
import { beginTour } from '../tour/beginTour.ts';
import { openAddEnvironment, openDialog, openImport } from './dialogs.ts';

export function FirstRun() {
  const [url, setUrl] = useState('');
  const demo = useAction(beginTour);
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
          <h2>Import what you have</h2>
          <p className="second">
            From .pgpass, pg_service.conf and my.cnf, from Compose and .env files, from exports of other programs.
          </p>
          <div className="door-foot">
            <Button variant="default" fullWidth onClick={openImport}>
              Import connections…
            </Button>
          </div>
        </section>
        <section className="panel door">
          <h2>Try the demo</h2>
          <p className="second">
            A bakery’s databases on this computer, with a pending, a changed and a risky migration, and a tour that ends
            with a real rollback.
          </p>
          <div className="door-foot">
            <Button variant="default" fullWidth loading={demo.busy} onClick={() => demo.run()}>
              Create the demo
            </Button>
          </div>
        </section>
      </div>
      <p className="second">
        Or{' '}
        <button type="button" className="plain-button link" onClick={openAddEnvironment}>
          fill in the fields yourself
        </button>
        , with every step of the connection tested.
      </p>
      {demo.problem !== null && <ProblemNotice problem={demo.problem} urgent />}
    </div>
  );
}
