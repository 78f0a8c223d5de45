import { Radio, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { Backup } from '../../../shared/model/backup.ts';
import type { EngineId } from '../../../shared/model/environment.ts';
import { restorePlacements } from '../../../shared/model/restore.ts';
import type { RestoreTarget } from '../../router.ts';
import { replaceRoute } from '../../useRoute.ts';
import { placementWords } from './restoreFacts.ts';
import { restoreTexts as texts } from './texts.ts';

interface PlacementProps {
  readonly wanted: RestoreTarget;
  readonly backup: Backup | null;
  readonly engine: EngineId;
}

/** Where the restored data goes: part of the address, so that a plan can be linked and reloaded. */
export function Placement({ wanted, backup, engine }: PlacementProps) {
  const choose = (value: string): void => {
    const placement = restorePlacements.find((one) => one === value);
    if (placement !== undefined) replaceRoute({ screen: 'restore', wanted: { ...wanted, placement } });
  };
  const partial = backup !== null && backup.covers !== 'everything';
  return (
    <section className="panel" aria-label={texts.whereItGoes}>
      <div className="panel-head">
        <h2>{texts.whereItGoes}</h2>
        {partial && (
          <span className="push chip" data-tone="attention">
            {backup.covers === 'schema' ? texts.schemaOnlyItCannotReplace : texts.someTablesItCannotReplace}
          </span>
        )}
      </div>
      <div className="panel-body column wide">
        <Radio.Group value={wanted.placement} onChange={choose} aria-label={texts.whereItGoes}>
          <div className="placements">
            {restorePlacements.map((placement) => (
              <Radio
                key={placement}
                value={placement}
                label={placementWords[placement].word}
                description={placementWords[placement].meaning}
              />
            ))}
          </div>
        </Radio.Group>
        {wanted.placement === 'into' && <IntoField wanted={wanted} engine={engine} />}
      </div>
    </section>
  );
}

/** Milliseconds of rest before the database is asked about a name that is being typed. */
const restMs = 500;

function IntoField({ wanted, engine }: { wanted: RestoreTarget; engine: EngineId }) {
  const [text, setText] = useState(wanted.into ?? '');
  const [settled] = useDebouncedValue(text.trim(), restMs);
  useEffect(() => {
    const into = settled === '' ? null : settled;
    if (into !== wanted.into) replaceRoute({ screen: 'restore', wanted: { ...wanted, into } });
  }, [settled, wanted]);
  return (
    <TextInput
      label={engine === 'sqlite' ? texts.file : texts.database}
      description={engine === 'sqlite' ? texts.absolutePathOfAFile : texts.itsNameOnTheSame}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      maw={480}
      spellCheck={false}
      autoComplete="off"
      required
    />
  );
}
