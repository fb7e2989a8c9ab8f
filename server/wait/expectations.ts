// Carries out an expectation: selects what it is about, has it judged, and judges again with each event until all holds.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { expectLimits, type ParsedExpectation } from '../../shared/expect/expectation.ts';
import {
  judgeExpectation,
  type JudgedEvidence,
  type Judgement,
  type Selected,
} from '../../shared/expect/judge.ts';
import type { ExpectationReport } from '../../shared/expect/report.ts';
import type { InboxView } from '../../shared/inbox-view.ts';
import type { Message, MessageSummary } from '../../shared/message.ts';
import type { Session, SessionSummary } from '../../shared/session.ts';
import { nowUs } from '../clock.ts';
import { findHeld } from '../find-session.ts';
import { readAfter } from './after.ts';
import { tellFailed } from './evidence.ts';
import type { Hub } from './hub.ts';
import { partsInView, type Sight } from './in-view.ts';
import { watchInboxEnd } from './inbox-end.ts';
import type { Search, WaitParts } from './parts.ts';
import { createPatience } from './patience.ts';
import { createTools } from './tools.ts';
import { graceMs } from './waits.ts';
import { watchMessages } from './watch-messages.ts';
import { watchSessions } from './watch-sessions.ts';
import type { Watch } from './watch.ts';

/** The searches of an expectation, in the order of its entries. */
export interface Searches {
  messages: Search[];
  sessions: Search[];
}

export type Expectations = (
  expectation: ParsedExpectation,
  searches: Searches,
  view: InboxView,
  signal: AbortSignal,
) => Promise<ExpectationReport>;

/** So many messages are waited for at once until they are parsed. */
const batchSize = 50;
const maxLineText = 500;

export function createExpectations(parts: WaitParts, hub: Hub): Expectations {
  const { selectHtml, settled } = parts;

  async function linesOf({ store, running }: Sight, { sessionId, lines }: JudgedEvidence) {
    const all: ExpectationReport['conditions'][number]['evidence'][number]['lines'] = [];
    for (const n of sessionId === null ? [] : lines) {
      const live = running.find(sessionId!)?.lines.find((line) => line.n === n);
      const line = live ?? (await store.readTranscript(sessionId!, n, 1)).lines.find((one) => one.n === n);
      if (line) all.push({ n, from: line.from, text: line.text.slice(0, maxLineText) });
    }
    return all;
  }

  async function readMessages(
    { store }: Sight,
    watch: Watch<MessageSummary>,
    signal: AbortSignal,
  ): Promise<Selected<Message>> {
    const ids = [...watch.matched.values()].sort((a, b) => b.seq - a.seq).map(({ id }) => id);
    const items: Message[] = [];
    for (let at = 0; at < ids.length; at += batchSize) {
      const batch = ids.slice(at, at + batchSize);
      await Promise.all(batch.map((id) => settled(id)));
      for (const id of batch) {
        const message = await store.findMessage(id);
        if (message) items.push(message);
      }
      await yieldToOthers();
      signal.throwIfAborted();
    }
    return { items, pending: watch.pending.size > 0 };
  }

  async function readSessions(sight: Sight, watch: Watch<SessionSummary>): Promise<Selected<Session>> {
    const items: Session[] = [];
    for (const { id } of [...watch.matched.values()].sort((a, b) => b.openedAtUs - a.openedAtUs)) {
      const session = await findHeld(sight, id);
      if (session) items.push(session);
    }
    return { items, pending: watch.pending.size > 0 };
  }

  return async (expectation, searches, view, signal) => {
    const startedMs = performance.now();
    const beganUs = nowUs();
    const after = readAfter(expectation.after, parts.store.cursor());
    const sight = partsInView(parts, view);
    const tools = createTools(selectHtml);
    // What is no selector is said at once, also while there is no HTML to try it on.
    for (const { html } of expectation.messages)
      for (const { selector } of Array.isArray(html) ? html : []) tools.selectHtml('', selector);
    const leave = hub.enter();
    const seen = hub.inView(sight);
    using end = watchInboxEnd(hub, view);
    using patience = createPatience([signal, hub.stopping, end.signal]);
    const options = ({ query }: Search) => ({ query, after, limit: expectLimits.judged });
    const messages = searches.messages.map((search) => watchMessages(sight, seen, options(search)));
    const sessions = searches.sessions.map((search) => watchSessions(sight, seen, options(search)));
    const watches = [...messages, ...sessions];
    let changes = 1;
    for (const watch of watches) {
      watch.onChange = () => {
        changes += 1;
        patience.poke();
      };
      watch.onFailure = patience.fail;
    }

    async function judge(): Promise<Judgement[]> {
      const selected: Parameters<typeof judgeExpectation>[1] = { messages: [], sessions: [] };
      for (const watch of messages) selected.messages.push(await readMessages(sight, watch, signal));
      for (const watch of sessions) selected.sessions.push(await readSessions(sight, watch));
      return judgeExpectation(expectation, selected, tools);
    }

    async function judgeUntil(untilMs: number): Promise<Judgement[]> {
      for (;;) {
        const judged = changes;
        const judgements = await judge();
        if (judgements.every(({ held }) => held)) return judgements;
        if (!(await patience.until(() => changes !== judged, untilMs))) return judgements;
      }
    }

    try {
      await patience.finish(Promise.all(watches.map((watch) => watch.look())));
      let judgements = await judgeUntil(startedMs + expectation.timeout);
      if (judgements.some(({ pending }) => pending))
        judgements = await judgeUntil(performance.now() + graceMs);
      const held = judgements.every((one) => one.held);
      const conditions = await Promise.all(
        judgements.map(async ({ evidence, ...judgement }) => ({
          ...judgement,
          evidence: await Promise.all(
            evidence.map(async (one) => ({ ...one, lines: await linesOf(sight, one) })),
          ),
        })),
      );
      return {
        held,
        conditions,
        failedSessions: held ? [] : await tellFailed(sight, parts, after, beganUs),
        cursor: parts.store.cursor(),
        waitedMs: Math.round(performance.now() - startedMs),
      };
    } finally {
      for (const watch of watches) watch.stop();
      leave();
    }
  };
}
