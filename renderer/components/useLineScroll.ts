/** Scrolling by lines: a browser's box ends at some millions of pixels, a script does not. */
import { useCallback, useEffect, useRef, useState } from 'react';

/** Pixels. */
export const rowHeight = 20;
/** Chromium and others draw nothing beyond about 16 to 33 million pixels. */
const tallest = 8_000_000;

export function useLineScroll(lines: number) {
  const box = useRef<HTMLElement>(null);
  const [first, setFirst] = useState(0);
  const [visible, setVisible] = useState(40);
  /** Where we ourselves put the scroll bar: that is no wish of the person. */
  const ours = useRef<number | null>(null);
  const height = Math.min(lines * rowHeight, tallest);
  const last = Math.max(0, lines - visible + 1);

  useEffect(() => {
    if (box.current === null) return;
    const sizes = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setVisible(Math.max(1, Math.ceil(entry.contentRect.height / rowHeight)));
    });
    sizes.observe(box.current);
    return () => sizes.disconnect();
  }, []);

  const goTo = useCallback(
    (line: number): void => {
      const to = Math.max(0, Math.min(last, Math.round(line)));
      setFirst(to);
      if (box.current === null) return;
      const way = height - box.current.clientHeight;
      ours.current = last === 0 ? 0 : Math.round((to / last) * way);
      box.current.scrollTop = ours.current;
    },
    [last, height],
  );

  // Where a pixel of the scroll bar is many lines, the wheel goes by lines all the same.
  useEffect(() => {
    const element = box.current;
    if (element === null || height < tallest) return;
    const onWheel = (event: WheelEvent): void => {
      if (event.deltaY === 0 || event.ctrlKey) return;
      event.preventDefault();
      goTo(first + Math.sign(event.deltaY) * Math.max(1, Math.round(Math.abs(event.deltaY) / rowHeight)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [height, first, goTo]);

  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    if (ours.current !== null && Math.abs(element.scrollTop - ours.current) <= 1) return;
    ours.current = null;
    const way = height - element.clientHeight;
    setFirst(way <= 0 ? 0 : Math.max(0, Math.min(last, Math.round((element.scrollTop / way) * last))));
  };

  return { box, first, visible, height, goTo, onScroll };
}
