import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AdoptRequest } from '../../../shared/model/adoption.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { replaceRoute } from '../../useRoute.ts';
import { adoptionTexts as texts } from './texts.ts';

interface AdoptFormProps {
  readonly id: string;
  readonly wanted: AdoptRequest | null;
}

/** To which tool, with which files, into which table. */
export function AdoptForm({ id, wanted }: AdoptFormProps) {
  const tools = useResource(readings.tools()).data?.tools ?? [];
  const [draft, setDraft] = useState(() => ({
    to: wanted?.to ?? '',
    sourceTo: wanted?.sourceTo ?? '',
    historyTableTo: wanted?.historyTableTo ?? '',
    writeTo: wanted?.writeTo ?? '',
  }));
  const change = (part: Partial<typeof draft>): void => setDraft((before) => ({ ...before, ...part }));
  const converts = draft.to === 'lockkeeper';
  return (
    <section className="panel" aria-label={texts.whatIsWanted}>
      <form
        className="panel-body column wide"
        onSubmit={(event) => {
          event.preventDefault();
          replaceRoute({ screen: 'adopt', id, wanted: requestFrom(draft, converts) });
        }}
      >
        <div className="adopt-fields">
          <NativeSelect
            label={texts.toolToMoveTo}
            value={draft.to}
            onChange={(event) => change({ to: event.currentTarget.value })}
            data={[
              { value: '', label: texts.chooseATool },
              ...tools.map((tool) => ({ value: tool.id, label: tool.title })),
            ]}
          />
          {converts && (
            <TextInput
              label={texts.newFolderForConvertedFiles}
              description={texts.theFilesOfTheFolder}
              value={draft.writeTo}
              onChange={(event) => change({ writeTo: event.currentTarget.value })}
              autoComplete="off"
              spellCheck={false}
            />
          )}
          <TextInput
            label={texts.folderOfTheOtherTools}
            description={converts ? texts.onlyWhereTheyAreThere : texts.emptyTheSameFolder}
            value={draft.sourceTo}
            onChange={(event) => change({ sourceTo: event.currentTarget.value })}
            disabled={converts && draft.writeTo.trim() !== ''}
            autoComplete="off"
            spellCheck={false}
          />
          <TextInput
            label={texts.historyTable}
            placeholder={texts.theToolsOwn}
            value={draft.historyTableTo}
            onChange={(event) => change({ historyTableTo: event.currentTarget.value })}
            autoComplete="off"
            spellCheck={false}
          />
        </div>
        <div className="row">
          <Button type="submit" variant="default" className="push" disabled={draft.to === ''}>
            {texts.showWhatWouldBeWritten}
          </Button>
        </div>
      </form>
    </section>
  );
}

interface Draft {
  readonly to: string;
  readonly sourceTo: string;
  readonly historyTableTo: string;
  readonly writeTo: string;
}

function requestFrom({ to, ...fields }: Draft, converts: boolean): AdoptRequest {
  const [sourceTo, historyTableTo, writeTo] = [fields.sourceTo, fields.historyTableTo, fields.writeTo].map((text) =>
    text.trim(),
  );
  const written = converts && writeTo !== undefined && writeTo !== '';
  return {
    to,
    ...(written ? { writeTo } : {}),
    ...(written || sourceTo === undefined || sourceTo === '' ? {} : { sourceTo }),
    ...(historyTableTo === undefined || historyTableTo === '' ? {} : { historyTableTo }),
  };
}
