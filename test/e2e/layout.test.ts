/** Every screen at every size and density: nothing sticks out sideways, nothing lies on a control. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from './app.ts';
import { densities, setDensity, sizes } from './appearances.ts';
import { allScreens } from './screens.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

let app: App;
let workplace: Workplace;
beforeAll(async () => {
  app = await startApp();
  workplace = await makeWorkplace();
});
afterAll(async () => {
  await app.close();
  await workplace[Symbol.asyncDispose]();
});

test('the examination finds what sticks out, and what lies on a control', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Create the demo' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.evaluate(() => {
    const wide = document.createElement('div');
    wide.style.cssText = 'width: 3000px; height: 10px';
    wide.id = 'wide';
    document.querySelector('main .page, main section')?.append(wide);
    const cover = document.createElement('div');
    cover.id = 'cover';
    cover.style.cssText = 'position: absolute; inset: 0; z-index: 9';
    document.querySelector('main button')?.parentElement?.append(cover);
  });
  const found = await faultsOf(page);
  expect(found).toContainEqual(expect.stringContaining('scrolls sideways'));
  expect(found).toContainEqual(expect.stringMatching(/lies on/));
  await page.reload();
});

test('every screen holds at every size and density', { timeout: 400_000 }, async () => {
  const { page } = app;
  const broken: string[] = [];
  for (const screen of await allScreens(page, workplace)) {
    await screen.open();
    for (const density of densities) {
      await setDensity(page, density);
      for (const [name, size] of Object.entries(sizes)) {
        await page.setViewportSize(size);
        await page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        for (const fault of await faultsOf(page)) broken.push(`${screen.name}, ${name}, ${density}: ${fault}`);
      }
    }
    await setDensity(page, 'comfortable');
    await page.setViewportSize(sizes.usual);
    await screen.close?.();
  }
  expect(broken).toEqual([]);
});

/** What is wrong with the page as it stands. */
const faultsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const faults: string[] = [];
    const nameOf = (element: Element): string =>
      `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> “${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}”`;

    const dialog = document.querySelector('[role="dialog"][aria-modal="true"]');
    const main = document.querySelector('main');
    for (const box of dialog === null ? [document.documentElement, main] : [document.documentElement, dialog]) {
      if (box === null || box.scrollWidth <= box.clientWidth + 1) continue;
      const edge = box.getBoundingClientRect().left + box.clientWidth + 1;
      const culprit = [...box.querySelectorAll('*')].findLast((one) => one.getBoundingClientRect().right > edge);
      faults.push(
        `scrolls sideways, ${box.scrollWidth} in ${box.clientWidth}: ${culprit === undefined ? '' : nameOf(culprit)}`,
      );
    }

    const cutOff = (dialog ?? document).querySelectorAll(
      '[class*="Button-label"], .banner, .panel, .start-bar, .chip, .tier',
    );
    for (const box of cutOff) {
      if (!box.checkVisibility() || getComputedStyle(box).overflowY !== 'hidden') continue;
      const isTooWide = box.scrollWidth > box.clientWidth + 1 && !box.matches('.panel');
      if (isTooWide || box.scrollHeight > box.clientHeight + 4) faults.push(`${nameOf(box)} is cut off`);
    }

    // Whatever a box that scrolls or clips does not show is no fault.
    const visiblePart = (element: Element): DOMRect | null => {
      let { left, top, right, bottom } = element.getBoundingClientRect();
      for (let box = element.parentElement; box !== null; box = box.parentElement) {
        if (getComputedStyle(box).overflow === 'visible') continue;
        const outer = box.getBoundingClientRect();
        left = Math.max(left, outer.left);
        top = Math.max(top, outer.top);
        right = Math.min(right, outer.right);
        bottom = Math.min(bottom, outer.bottom);
      }
      left = Math.max(left, 0);
      top = Math.max(top, 0);
      right = Math.min(right, innerWidth);
      bottom = Math.min(bottom, innerHeight);
      return right - left < 8 || bottom - top < 8 ? null : new DOMRect(left, top, right - left, bottom - top);
    };
    // What scrolls passes under the bars that stay.
    const isUnderBar = (control: Element, hit: Element | null): boolean => {
      for (let one = hit; one !== null && !one.contains(control); one = one.parentElement)
        if (['sticky', 'fixed'].includes(getComputedStyle(one).position)) return true;
      return false;
    };
    const controls = (dialog ?? document).querySelectorAll('a[href], button, input, select, textarea, [role="tab"]');
    for (const control of controls) {
      if (!control.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const part = visiblePart(control);
      if (part === null) continue;
      const hit = document.elementFromPoint(part.x + part.width / 2, part.y + part.height / 2);
      // A drawn switch or tick lies in its label, over the control itself.
      const own = control.closest('label, [class*="InputWrapper-root"], [class*="-root"]');
      const reached = hit !== null && (control.contains(hit) || hit.contains(control) || own?.contains(hit) === true);
      if (!reached && !isUnderBar(control, hit))
        faults.push(`${hit === null ? 'nothing' : nameOf(hit)} lies on ${nameOf(control)}`);
    }
    return faults;
  });
