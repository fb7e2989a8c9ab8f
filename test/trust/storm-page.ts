// The page in a real Chromium whose renderers can be stopped, as a laptop that sleeps stops them.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { grid, rows } from '../web/support/list-page.ts';

export interface StoppablePage extends AsyncDisposable {
  stop(): void;
  goOn(): void;
  /** As the system sees it; null where it does not say. */
  isStopped(): boolean | null;
  /** Ids of the first rows, in their order, as one meets them who scrolls down. */
  readFirst(count: number): Promise<string[]>;
  /** How many messages its head says there are. */
  readCount(): Promise<string>;
  readState(): Promise<{
    wasReloaded: boolean;
    rowsInDocument: number;
    longestTaskMs: number;
    errors: string[];
  }>;
}

async function rendererPids(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

function isStopped(pid: number): boolean | null {
  try {
    return /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return null;
  }
}

const marked = 'markedBeforeTheStorm';

/** Notes in the page what a reload would lose. */
async function mark(page: Page): Promise<void> {
  await page.evaluate((name) => {
    const tasks: number[] = [];
    Object.assign(window, { [name]: tasks });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
  }, marked);
}

const readFirst = (page: Page, count: number): Promise<string[]> =>
  grid(page).evaluate(async (box, wanted) => {
    const found: string[] = [];
    const lookAt = (): void => {
      for (const row of box.querySelectorAll('[role=row]'))
        found[Number(row.getAttribute('aria-rowindex')) - 1] = /m_\w+$/.exec(row.id)?.[0] ?? row.id;
    };
    const drawn = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));
    for (let top = 0; found.length < wanted && top < box.scrollHeight; top += box.clientHeight) {
      box.scrollTo(0, top);
      await drawn();
      await drawn();
      lookAt();
    }
    box.scrollTo(0, 0);
    return found.slice(0, wanted);
  }, count);

/** Null, after saying so, where there is no browser. Resolves once the list is live. */
export async function openStoppablePage(url: string): Promise<StoppablePage | null> {
  const browser = await openBrowser();
  if (!browser) return null;
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${url}/inbox`);
  await page.getByText('Live', { exact: true }).waitFor();
  await mark(page);
  const pids = await rendererPids(browser);
  if (pids.length === 0) throw new Error('this Chromium does not tell its renderers');
  const signal = (name: NodeJS.Signals): void => pids.forEach((pid) => process.kill(pid, name));
  return {
    stop: () => signal('SIGSTOP'),
    goOn: () => signal('SIGCONT'),
    isStopped() {
      const states = pids.map(isStopped);
      return states.includes(null) ? null : states.every(Boolean);
    },
    readFirst: (count) => readFirst(page, count),
    readCount: () => page.locator('.count.quiet').innerText(),
    async readState() {
      const tasks = await page.evaluate((name) => Reflect.get(window, name) as number[] | undefined, marked);
      const rowsInDocument = await rows(page).count();
      return {
        ...{ wasReloaded: tasks === undefined, rowsInDocument, errors },
        longestTaskMs: Math.max(0, ...(tasks ?? [])),
      };
    },
    async [Symbol.asyncDispose]() {
      signal('SIGCONT');
      await browser.close();
    },
  };
}
