/** Above the grid: what of it is shown and in which order, its legend, and taking it along. */
import { ActionIcon, Loader, Menu, NativeSelect, Popover, Switch, TextInput, Tooltip } from '@mantine/core';
import { IconDownload, IconInfoCircle, IconRefresh, IconSearch } from '@tabler/icons-react';
import { Mark } from '../../components/Mark.tsx';
import { statusMarks, matrixTexts as texts } from './matrixTexts.ts';
import { changeOptions, columnOrders, rowChoices, useMatrixOptions } from './options.ts';

interface MatrixToolsProps {
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly onReadAgain: () => void;
  readonly onExport: (format: 'csv' | 'json') => void;
}

export function MatrixTools({ filter, onFilter, progress, onReadAgain, onExport }: MatrixToolsProps) {
  const { rows, order, newestFirst, words } = useMatrixOptions();
  return (
    <div className="matrix-tools row wraps">
      <TextInput
        type="search"
        size="xs"
        w={160}
        aria-label={texts.filterMigrations}
        placeholder={texts.filterMigrations}
        leftSection={<IconSearch size={14} />}
        value={filter}
        onChange={(event) => onFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || filter === '') return;
          event.stopPropagation();
          onFilter('');
        }}
      />
      <Choice
        label={texts.rowsShown}
        value={rows}
        values={rowChoices}
        words={texts.rows}
        onChange={(one) => changeOptions({ rows: one })}
      />
      <Choice
        label={texts.orderOf}
        value={order}
        values={columnOrders}
        words={texts.order}
        onChange={(one) => changeOptions({ order: one })}
      />
      <Switch
        size="xs"
        label={texts.newestFirst}
        checked={newestFirst}
        onChange={(event) => changeOptions({ newestFirst: event.currentTarget.checked })}
      />
      <Switch
        size="xs"
        label={texts.words}
        checked={words}
        onChange={(event) => changeOptions({ words: event.currentTarget.checked })}
      />
      <div className="row push">
        {progress !== null && (
          <span className="small dim number nowrap">{texts.reading(progress.done, progress.total)}</span>
        )}
        <Legend />
        <ExportMenu onExport={onExport} />
        <Tooltip label={texts.readAgain}>
          <ActionIcon variant="default" size={30} aria-label={texts.readAgain} onClick={onReadAgain}>
            {progress === null ? <IconRefresh size={16} /> : <Loader size={14} />}
          </ActionIcon>
        </Tooltip>
      </div>
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly values: readonly T[];
  readonly words: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, values, words, onChange }: ChoiceProps<T>) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      data={values.map((one) => ({ value: one, label: words[one] }))}
      onChange={(event) => {
        const chosen = values.find((one) => one === event.currentTarget.value);
        if (chosen !== undefined) onChange(chosen);
      }}
    />
  );
}

function Legend() {
  return (
    <Popover position="bottom-end" withArrow trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="default" size={30} aria-label={texts.legend} title={texts.legend}>
          <IconInfoCircle size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts.legend}>
        <dl className="matrix-legend">
          {Object.entries(statusMarks).map(([status, mark]) => (
            <div key={status}>
              <dt>
                <Mark mark={mark} />
              </dt>
              <dd className="second">{mark.meaning}</dd>
            </div>
          ))}
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}

function ExportMenu({ onExport }: Pick<MatrixToolsProps, 'onExport'>) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={texts.export} title={texts.export}>
          <IconDownload size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onExport('csv')}>{texts.exportCsv}</Menu.Item>
        <Menu.Item onClick={() => onExport('json')}>{texts.exportJson}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
