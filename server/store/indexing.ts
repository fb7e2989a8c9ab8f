// Keeps the search index up to date: in the background, and just before a search.
import { setImmediate as yieldToOthers, setTimeout as delay } from 'node:timers/promises';
import { MailscopeError } from '../../shared/errors.ts';
import { quietMs, type Background } from '../background.ts';
import type { Driver } from './driver.ts';
import type { IndexStep, Pass } from './index/index-steps.ts';
import type { Merged } from './index/merging.ts';
import { createPace } from './pace.ts';
import { readingAhead } from './reading-ahead.ts';

/**
 * Messages of a step in the background: some milliseconds each, so that arriving mail hardly waits. The first one after a
 * start runs code for the first time.
 */
const many = { most: 32, first: 8, fewest: 8 };
/** In memory the steps are taken on the thread of everything else; and while mail pours in. */
const few = { most: 8, fewest: 4 };
/** While mail pours in the index waits, but not for longer than this: then it is made in turn with the mail. */
const longestMs = 5000;
const beforeSearch: IndexStep = { parsed: 48, pending: 1000, sessions: 500 };
/** While more is missing than can be waited for. */
const inBacklog: IndexStep = { parsed: 8, pending: 100, sessions: 50 };
const mergePages = 64;
/** More segments than this are merged before the next step adds to them. */
const fewSegments = 64;
/** So many sessions may have ended that they are taken up together. */
const sessionDelayMs = 100;
/** Fewer than these are taken up before anybody notices. */
const worthTelling = 1000;
/** A search waits no longer for what is missing. */
const longestSearchWaitMs = 2000;
/** A change waits no longer for what is missing. */
const longestWaitMs = 30_000;

export interface Missing {
  messages: number;
  sessions: number;
}

export interface Indexing {
  /** Something can be taken up. */
  poke(what: 'message' | 'session'): void;
  /** Takes up what is missing, as far as that goes quickly; what is still missing. */
  beforeSearch(): Promise<Missing>;
  /** Takes up all that is missing: what matches is to be changed, and none of it to be missed. */
  beforeChange(): Promise<void>;
  close(): Promise<void>;
}

export function startIndexing(
  driver: Driver,
  background: Background,
  onNotice: (text: string) => void,
): Indexing {
  let running: Promise<void> | null = null;
  let again = false;
  let waiting = false;
  let closed = false;
  let told = '';
  /** The last step, in the writer. */
  let workedMs = 0;
  const usual = createPace(driver.bodies === null ? few : many);
  const whilePouring = createPace(few);
  const ahead = readingAhead(driver);
  /** A block takes a millisecond or two. */
  const sealedAtOnce = driver.bodies === null ? 1 : 4;

  /** Once, until it works again. */
  function tell(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    if (closed || why === told) return;
    told = why;
    onNotice(`The search index could not be brought up to date, so a search may miss the newest. ${why}`);
  }

  async function giveWay(until: number): Promise<void> {
    while (!closed && background.isPouring() && performance.now() < until) await delay(quietMs);
    const worked = workedMs;
    workedMs = 0;
    if (!closed) await background.rest(worked);
    for (let turn = background.turn(); !closed && turn !== null; turn = background.turn()) await turn;
    await yieldToOthers();
  }

  const step: Driver['step'] = async (name, input) => {
    const timed = await driver.step(name, input);
    workedMs = timed.tookUs / 1000;
    return timed;
  };

  const indexSome = (): Promise<number> =>
    (background.isPouring() ? whilePouring : usual).step(
      (parsed) => step('indexStep', { parsed, pending: 0, sessions: 2 * parsed }),
      (count) => count > 0,
    );

  async function mergeSome(): Promise<Merged> {
    await ahead.beforeMerge();
    return (await step('mergeStep', { pages: mergePages })).value;
  }

  async function run(): Promise<void> {
    while (again && !closed) {
      again = false;
      const until = performance.now() + longestMs;
      await giveWay(until);
      while (!closed && (await indexSome()) > 0) {
        let merged: Merged;
        do {
          await giveWay(until);
          merged = await mergeSome();
        } while (!closed && merged.more && merged.segments > fewSegments);
        await giveWay(until);
      }
      while (!again && !closed && (await mergeSome()).more) await giveWay(until);
      while (!again && !closed && (await step('sealStep', { blocks: sealedAtOnce })).value)
        await giveWay(until);
    }
    told = '';
  }

  function start(): void {
    again = true;
    if (closed) return;
    running ??= run()
      // A full disk, for example: what is missing is taken up with the next message, or before a search.
      .catch((error: unknown) => {
        again = false;
        tell(error);
      })
      .then(() => {
        running = null;
        if (again) start();
      });
  }

  async function assertInTime(until: number): Promise<void> {
    if (performance.now() <= until) return;
    const { messages } = await driver.read('countUnsearched', null);
    const missing = `${messages.toLocaleString('en-US')} messages are not in the search index yet`;
    throw new MailscopeError('unavailable', `${missing}, so not all that match would be changed.`, {
      hint: 'Try again when less mail comes, or choose the messages by their ids.',
    });
  }

  async function startDelayed(): Promise<void> {
    if (waiting) return;
    waiting = true;
    await delay(sessionDelayMs, undefined, { ref: false });
    waiting = false;
    start();
  }

  async function lookAround(): Promise<void> {
    // A run that was killed may have left much to merge, and none of it waits for mail.
    await driver.write('makeRoom', { pages: mergePages });
    const { messages } = await driver.read('countUnsearched', null);
    if (messages >= worthTelling) {
      onNotice(
        `The search index of ${messages.toLocaleString('en-US')} messages is being made, the newest first. ` +
          'Until it is done a search may not find the older ones.',
      );
    }
    start();
  }
  // A new database in memory has nothing to look for.
  if (driver.bodies !== null) void lookAround().catch(tell);

  return {
    poke(what) {
      if (what === 'message') start();
      else void startDelayed();
    },
    async beforeSearch() {
      const until = performance.now() + longestSearchWaitMs;
      const { messages, sessions } = await driver.read('countUnsearched', null);
      if (messages + sessions >= worthTelling) {
        await driver.write('indexStep', inBacklog);
        return { messages, sessions };
      }
      for (let left = messages + sessions; left > 0;) {
        // More may come meanwhile than is taken up.
        if (performance.now() > until) return driver.read('countUnsearched', null);
        left = await driver.write('indexStep', beforeSearch);
      }
      return { messages: 0, sessions: 0 };
    },
    async beforeChange() {
      const until = performance.now() + longestWaitMs;
      const { newest: upTo } = await driver.read('countUnsearched', null);
      const { sessions } = beforeSearch;
      while ((await driver.write('indexStep', { parsed: 0, pending: 0, sessions })) === sessions)
        await assertInTime(until);
      const pace = createPace(many);
      for (let pass: Pass | null = { parse: 'pending', after: 0 }; pass !== null;) {
        await assertInTime(until);
        const at: Pass = pass;
        pass = await pace.step((limit) => driver.step('indexPass', { pass: at, upTo, limit }));
      }
    },
    async close() {
      closed = true;
      await running;
    },
  };
}
