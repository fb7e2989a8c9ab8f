// Groups of sessions, each group in a sandbox of its own, and what clients do in them.
import { beforeAll, describe, expect, test } from 'vitest';
import { findRule } from '../../shared/diagnose/catalogue.ts';
import type { Found } from '../../shared/finding.ts';
import type { Session } from '../../shared/session.ts';
import { holdAll, namesOf, type Case, type Settings, type Talk } from './talk.ts';

export type Group = [name: string, cases: readonly Case[], ...settings: Settings];

/** Its sentences can be filled, and its evidence is in the transcript. */
function expectWhole(found: Found, session: Session): void {
  const { explanation, causes, fixes } = findRule(found.rule)!;
  const text = [explanation, ...causes, ...fixes.map((fix) => fix.text)].join(' ');
  const needed = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  expect(Object.keys(found.vars)).toEqual(expect.arrayContaining(needed));
  for (const one of found.evidence) {
    const n = one.kind === 'line' ? one.n : one.kind === 'absence' ? (one.after ?? 0) : 0;
    expect(n).toBeGreaterThanOrEqual(0);
    expect(n).toBeLessThan(session.lines);
  }
}

/** Each client is found what its case says. */
export function describeGroups(groups: readonly Group[]): void {
  describe.each(groups)('%s, a client that', (_name, cases, ...settings) => {
    let sessions: Session[];
    beforeAll(async () => {
      sessions = await holdAll(cases, ...settings);
    });
    test.each(cases.map((one, index) => ({ ...one, index })))('$does: $finds', ({ finds, index }) => {
      const session = sessions[index]!;
      expect(namesOf(session.findingList)).toEqual(finds);
      for (const found of session.findingList ?? []) expectWhole(found, session);
    });
  });
}

/** The client goes away without a word. */
export const leaves =
  (talk: Talk): Talk =>
  async (wire) => {
    await talk(wire);
    wire.end();
  };

/** MAIL and RCPT, and no more. */
export const asks: Talk = async (wire) => {
  await wire.hello();
  await wire.say('MAIL FROM:<ann@example.test>');
  await wire.say('RCPT TO:<bob@example.test>');
};

/** These bytes behind DATA, without an end. */
export const sent =
  (bytes: string): Talk =>
  async (wire) => {
    await asks(wire);
    await wire.say('DATA');
    wire.send(bytes);
  };

/** These commands, and a whole message. */
export const dataOf =
  (bytes: string, ...before: string[]): Talk =>
  async (wire) => {
    await wire.hello();
    for (const line of [...before, 'DATA']) await wire.say(line);
    wire.send(bytes);
    await wire.say('.');
    await wire.quit();
  };

export const startTls: Talk = async (wire) => {
  await wire.hello();
  await wire.say('STARTTLS');
  await wire.secure({ servername: 'localhost' });
};

/** These bytes, and then whatever comes until the server closes. */
export const raw =
  (bytes: string): Talk =>
  async (wire) => {
    wire.send(bytes);
    await wire.closed();
  };
