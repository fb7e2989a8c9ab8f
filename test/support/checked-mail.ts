// Mail for the checks: a good one, changed in one place, and what is found in it.
import { expect } from 'vitest';
import type { Found } from '../../shared/finding.ts';
import { found as foundSchema } from '../../shared/finding.ts';
import { findRule } from '../../shared/diagnose/catalogue.ts';
import { fillTemplate } from '../../shared/diagnose/fill-template.ts';
import { parseMessage } from '../../server/mail/parse.ts';

/** The time that dates are compared with. */
const nowMs = Date.parse('2026-11-29T12:00:00Z');

const goodFields: Record<string, string> = {
  From: 'Ann <ann@example.com>',
  To: 'Bob <bob@example.com>',
  Subject: 'Hello',
  Date: 'Sat, 29 Nov 2025 10:00:00 +0100',
  'Message-ID': '<1@example.com>',
  'MIME-Version': '1.0',
  'Content-Type': 'text/plain; charset=utf-8',
};

/** Fields of the good mail, changed or (null) left out, and a body with CR LF. Letters past U+00FF become UTF-8 by hand. */
export function mailWith(
  changes: Record<string, string | null> = {},
  body = 'Hello Bob.\r\n',
  more: string[] = [],
): Buffer {
  const fields = Object.entries({ ...goodFields, ...changes }).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  );
  return Buffer.from([...fields, ...more, '', body].join('\r\n'), 'latin1');
}

/** The UTF-8 of a text as `mailWith` takes bytes. */
export const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

export const findingsOf = async (raw: Buffer): Promise<Found[]> =>
  (await parseMessage(raw, nowMs)).findingList ?? [];

export const worseThanNotice = (list: Found[]): Found[] =>
  list.filter(({ severity }) => severity !== 'notice' && severity !== 'info');

export interface CheckCase {
  rule: string;
  /** Behind "is found in". */
  mail: string;
  bad: Buffer;
  /** What its first evidence is about: the very bytes, or the field that is missing. */
  at: string | { missing: string };
  vars?: Found['vars'];
  /** Behind "but not in". */
  near: string;
  good: Buffer;
}

/** It is found where it is, with sentences that lack no word, and not found in what looks alike. */
export async function expectCase({ rule, bad, at, vars = {}, good }: CheckCase): Promise<void> {
  const inBad = await findingsOf(bad);
  const found = inBad.find((one) => one.rule === rule);
  expect(found, `found: ${inBad.map((one) => one.rule).join(', ')}`).toBeDefined();
  const [first] = found!.evidence;
  expect(
    first!.kind === 'message'
      ? bad.toString('latin1', first!.offset, first!.offset + first!.length)
      : first!.kind === 'missing-header' && { missing: first!.header },
  ).toEqual(at);
  expect(found!.vars).toMatchObject(vars);
  expect(foundSchema.parse(found)).toEqual(found);
  const { explanation, causes, fixes } = findRule(rule)!;
  for (const text of [explanation, ...causes, ...fixes.map((fix) => fix.text)])
    expect(fillTemplate(text, found!.vars)).not.toMatch(/\{[A-Za-z]+\}/);
  expect((await findingsOf(good)).map((one) => one.rule)).not.toContain(rule);
}
