/** The first screen of all: three doors to a first environment. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { filled } from '../../components/filled.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useAction } from '../../useAction.ts';
import { beginTour } from '../tour/beginTour.ts';
import { openAddEnvironment, openDialog, openImport } from './dialogs.ts';
import { connectionTexts as texts } from './texts.ts';

export function FirstRun() {
  const [url, setUrl] = useState('');
  const demo = useAction(beginTour);
  return (
    <div className="first-run">
      <header>
        <img src="./icon.svg" alt="" />
        <h1 tabIndex={-1}>{texts.whichDatabaseShallLockkeeperLook}</h1>
        <p className="second">{texts.itReadsTheMigrationFolder}</p>
      </header>
      <div className="doors">
        <form
          className="panel door"
          onSubmit={(event) => {
            event.preventDefault();
            openDialog({ kind: 'add', url, copyOf: null });
          }}
        >
          <h2>{texts.pasteAConnection}</h2>
          <p className="second">{texts.aUrlOrADriver}</p>
          <TextInput
            aria-label={texts.connectionUrl}
            placeholder={texts.urlExample}
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
          <div className="door-foot">
            <Button type="submit" fullWidth disabled={url.trim() === ''}>
              {texts.continue}
            </Button>
          </div>
        </form>
        <section className="panel door">
          <h2>{texts.importWhatYouHave}</h2>
          <p className="second">{texts.fromPgpassPgServiceConf}</p>
          <div className="door-foot">
            <Button variant="default" fullWidth onClick={openImport}>
              {texts.importConnections2}
            </Button>
          </div>
        </section>
        <section className="panel door">
          <h2>{texts.tryTheDemo}</h2>
          <p className="second">{texts.aBakerysDatabasesOnThis}</p>
          <div className="door-foot">
            <Button variant="default" fullWidth loading={demo.busy} onClick={() => demo.run()}>
              {texts.createTheDemo}
            </Button>
          </div>
        </section>
      </div>
      <p className="second">
        {filled(texts.orFillIn, {
          button: (
            <button type="button" className="plain-button link" onClick={openAddEnvironment}>
              {texts.fillInTheFieldsYourself}
            </button>
          ),
        })}
      </p>
      {demo.problem !== null && <ProblemNotice problem={demo.problem} urgent />}
    </div>
  );
}
