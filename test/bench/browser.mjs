// The page with many messages in a real browser: time to the first row, and how it keeps up while one scrolls, with
// few rows loaded, with all of them, and while mail comes in.
import { chromium } from 'playwright-core';
import { existsSync } from 'node:fs';
import { createMail, pour } from './load.mjs';
import { findProgram } from './processes.mjs';

/** The path of a Chromium, or null. */
export function findChromium() {
  const installed = chromium.executablePath();
  if (installed && existsSync(installed)) return installed;
  return findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
}

const steps = 200;
const list = '[role=grid][aria-label=Messages]';

/** Runs in the page before anything of it. */
function watchPage() {
  globalThis.bench = { firstRow: null, tasks: [] };
  new PerformanceObserver((entries) => {
    for (const { duration } of entries.getEntries()) globalThis.bench.tasks.push(duration);
  }).observe({ entryTypes: ['longtask'] });
  const look = () => {
    if (document.querySelector('[role=grid][aria-label=Messages] [role=row]'))
      globalThis.bench.firstRow = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Runs in the page: scrolls a step a frame, and gives the frames' lengths and the longest task. */
async function scrollInPage({ selector, steps, pixels, from }) {
  const list = document.querySelector(selector);
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  if (from !== null) list.scrollTop = from;
  await frame();
  await frame();
  globalThis.bench.tasks.length = 0;
  const frames = [];
  let before = await frame();
  for (let n = 0; n < steps; n++) {
    list.scrollTop += pixels;
    const now = await frame();
    frames.push(now - before);
    before = now;
  }
  // Long tasks are told a little later.
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { frames, longest: Math.max(0, ...globalThis.bench.tasks) };
}

/** Runs in the page: goes to the end again and again until no more rows are loaded. */
async function loadAllInPage({ selector, timeoutMs, count }) {
  const list = document.querySelector(selector);
  const startedAt = performance.now();
  const loaded = () =>
    Math.max(0, ...[...list.querySelectorAll('[role=row]')].map((row) => Number(row.ariaRowIndex ?? 0)));
  globalThis.bench.tasks.length = 0;
  let most = 0;
  while (performance.now() - startedAt < timeoutMs && most < count) {
    list.scrollTop = list.scrollHeight;
    await new Promise((resolve) => setTimeout(resolve, 8));
    most = Math.max(most, loaded());
  }
  return {
    rows: most,
    seconds: (performance.now() - startedAt) / 1000,
    longest: Math.max(0, ...globalThis.bench.tasks),
  };
}

/** Frames that were not drawn in time, at 60 a second. */
const droppedOf = (frames) =>
  frames.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / (1000 / 60)) - 1), 0);

export async function measureBrowser(server, { results, count, findBrowser }) {
  const executablePath = findBrowser();
  if (!executablePath) {
    results.note('*** SKIPPED: the browser. There is no Chromium on this machine. ***');
    return;
  }
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args, timeout: 20_000 });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(20_000);
    await page.addInitScript(watchPage);
    const add = (key, title, unit, value) =>
      results.add(key, { title: `browser: ${title}`, unit, better: 'less' }, 'mailscope', value);
    const scroll = async (key, title, ask) => {
      const { frames, longest } = await page.evaluate(scrollInPage, {
        selector: list,
        steps,
        pixels: 400,
        from: null,
        ...ask,
      });
      add(`${key}-task`, `longest task, ${title}`, 'ms', longest);
      add(`${key}-dropped`, `dropped frames, ${title}`, `of ${steps}`, droppedOf(frames));
    };
    await page.goto('about:blank');
    await page.setContent('<div id="list" style="height:600px;overflow:auto"><div style="height:900000px">');
    await scroll('blank', `${steps} steps of an empty page (what the machine drops)`, { selector: '#list' });
    const times = [];
    for (let n = 0; n < 3; n++) {
      await page.goto(`${server.http}/`);
      await page.waitForFunction(() => globalThis.bench.firstRow !== null);
      times.push(await page.evaluate(() => globalThis.bench.firstRow));
    }
    // The first visit fills the caches of the browser, as it does for a person.
    times.forEach((ms, n) =>
      add(
        n === 0 ? 'first-row-cold' : 'first-row',
        `first row, ${n === 0 ? 'first' : 'next'} visit`,
        'ms',
        ms,
      ),
    );

    await scroll('scroll', `${steps} scroll steps from the top`, { from: 0 });
    const all = await page.evaluate(loadAllInPage, { selector: list, timeoutMs: 30_000, count });
    results.note(
      `browser: ${all.rows} rows were loaded by going to the end again and again, in ${all.seconds.toFixed(1)} s; ` +
        `the longest task was ${Math.round(all.longest)} ms.`,
    );
    await scroll('scroll-all', `${steps} steps with all rows loaded`, { pixels: -400 });
    const wire = (n) => createMail({ n: count + n, size: 1500 });
    const arriving = pour({ port: server.port, lanes: 2, messages: 200, keep: true, wire });
    await scroll('arrive', `${steps} steps at the top while 200 mails arrive`, { from: 0, pixels: 4 });
    await arriving;
  } finally {
    await browser.close();
  }
}
