/** Which files an import reads: those found where their programs keep them, and those a person chooses or drops. */
import { ActionIcon, Button, Checkbox } from '@mantine/core';
import { IconFileImport, IconX } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import type { ImportSource } from '../../../shared/model/transfer.ts';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { type Reading, useResource } from '../../resources.ts';
import type { ChosenFile } from './importRequest.ts';
import { programWords, importTexts as texts } from './importTexts.ts';

/** Bytes of one file; the backend takes no more either. */
const mostBytes = 1024 * 1024;

const sources: Reading<ImportSource[]> = {
  key: 'importSources',
  read: () => backend().environments.importSources(),
};

interface ImportFilesProps {
  readonly paths: readonly string[];
  readonly setPaths: (paths: readonly string[]) => void;
  readonly files: readonly ChosenFile[];
  readonly setFiles: (files: readonly ChosenFile[]) => void;
}

export function ImportFiles({ paths, setPaths, files, setFiles }: ImportFilesProps) {
  const there = useResource(sources).data ?? [];
  const hostName = useResource(readings.info()).data?.hostName ?? '';
  const chooser = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [over, setOver] = useState(false);
  const add = async (given: readonly File[]): Promise<void> => {
    const fitting = given.filter(({ size }) => size <= mostBytes);
    setRefused(given.filter((file) => !fitting.includes(file)).map(({ name }) => name));
    const read = await Promise.all(fitting.map(async (file) => ({ name: file.name, text: await file.text() })));
    setFiles([...files.filter(({ name }) => !read.some((one) => one.name === name)), ...read]);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void add([...event.dataTransfer.files]);
  };
  return (
    <>
      {there.length > 0 && (
        <fieldset className="import-sources">
          <legend>{texts.here(hostName)}</legend>
          {there.map(({ program, path }) => (
            <Checkbox
              key={path}
              label={programWords[program]}
              description={path}
              checked={paths.includes(path)}
              onChange={(event) =>
                setPaths(event.currentTarget.checked ? [...paths, path] : paths.filter((one) => one !== path))
              }
            />
          ))}
        </fieldset>
      )}
      <section
        aria-label={texts.files}
        className="import-drop"
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Button
          variant="default"
          leftSection={<IconFileImport size={16} />}
          data-autofocus
          onClick={() => chooser.current?.click()}
        >
          {texts.choose}
        </Button>
        <span className="second small">{texts.chooseHelp}</span>
        <input
          ref={chooser}
          type="file"
          multiple
          hidden
          aria-label={texts.files}
          onChange={(event) => {
            void add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
      </section>
      {files.length > 0 && (
        <ul className="import-files" aria-label={texts.files}>
          {files.map(({ name }) => (
            <li key={name} className="row">
              <span className="mono">{name}</span>
              <ActionIcon
                aria-label={texts.remove(name)}
                onClick={() => setFiles(files.filter((one) => one.name !== name))}
              >
                <IconX size={15} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {refused.map((name) => (
        <p key={name} className="chip-line" data-tone="attention" role="alert">
          <span aria-hidden="true">▲</span> {texts.tooLarge(name)}
        </p>
      ))}
    </>
  );
}
