/** Drawing what streams in: as soon as something comes, but not more often than a person can follow. */

export interface Pace {
  /** There is something to draw. */
  ask(): void;
  /** Nothing is drawn any more that was asked for until now. */
  rest(): void;
}

/** @param everyMs milliseconds between the beginnings of two drawings, at least; each is in a frame of the browser */
export function paced(everyMs: number, draw: () => void): Pace {
  let frame: number | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  const drawSoon = (): void => {
    timer = null;
    frame = requestAnimationFrame(() => {
      frame = null;
      lastAt = performance.now();
      draw();
    });
  };
  return {
    ask() {
      if (frame !== null || timer !== null) return;
      const wait = lastAt + everyMs - performance.now();
      if (wait <= 0) drawSoon();
      else timer = setTimeout(drawSoon, wait);
    },
    rest() {
      if (frame !== null) cancelAnimationFrame(frame);
      if (timer !== null) clearTimeout(timer);
      frame = null;
      timer = null;
    },
  };
}
