interface ProgressLineProps {
  readonly done: number;
  /** Null: how much there is, is unknown. */
  readonly total: number | null;
  readonly label: string;
}

export function ProgressLine({ done, total, label }: ProgressLineProps) {
  const share = total === null || total === 0 ? null : Math.min(1, done / total);
  return (
    <div
      className={share === null ? 'progress unsure' : 'progress'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
    >
      <span style={share === null ? {} : { width: `${share * 100}%` }} />
    </div>
  );
}
