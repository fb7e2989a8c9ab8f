// The conditions of an expectation on one message: each is a name, a sentence, and a function that says what is wrong.
import type { Message } from '../message.ts';
import type { MessageExpectation } from './expectation.ts';
import {
  describeCount,
  describeFields,
  describeNumber,
  describeText,
  fieldProblems,
  numberHolds,
  quote,
  textHolds,
  type Tools,
} from './judge-texts.ts';
import { badFindings, findingsText } from './judge-findings.ts';
import type { NumberMatch } from './matchers.ts';
import type { Severity } from '../finding.ts';

/** What was found, and whether that is what was wanted. */
export interface Finding {
  held: boolean;
  found: string;
  /** It may still change: not parsed yet, still running. */
  pending?: boolean;
  /** Of the session's transcript. */
  lines?: number[];
}

export interface Condition<T> {
  /** Within the expectation, e.g. `html.1`. */
  path: string;
  text: string;
  judge(subject: T): Finding;
}

const atLeastOne: NumberMatch = { min: 1 };
const folded = (text: string): string => text.replace(/\r\n?/g, '\n');
const shown = (found: string[], none: string): string =>
  found.length === 0
    ? none
    : `${found.slice(0, 5).join(', ')}${found.length > 5 ? ` and ${found.length - 5} more` : ''}`;

/** A condition on how many of a kind fit. */
function countOf<T>(
  path: string,
  what: { kind: string; more: string },
  count: NumberMatch | undefined,
  read: (message: Message) => { fitting: T[]; all: string[] },
): Condition<Message> {
  const wanted = count ?? atLeastOne;
  return {
    path,
    text: `${describeCount(wanted, what.kind)}${what.more}`,
    judge(message) {
      const { fitting, all } = read(message);
      return {
        held: numberHolds(wanted, fitting.length),
        found: `${fitting.length} of ${all.length}: ${shown(all, 'there is none')}`,
      };
    },
  };
}

const also = (...parts: (string | undefined)[]): string => {
  const given = parts.filter((part) => part !== undefined);
  return given.length === 0 ? '' : ` with ${given.join(' and ')}`;
};

function textCondition(
  path: string,
  match: Parameters<typeof textHolds>[0],
  read: (message: Message) => string | null,
  tools: Tools,
): Condition<Message> {
  return {
    path,
    text: `${path.replace('envelope.from', 'MAIL FROM')} ${describeText(match)}`,
    judge(message) {
      const value = read(message);
      if (value === null) return { held: false, found: `there is no ${path}` };
      return { held: textHolds(match, value, tools), found: `it is ${quote(value, 300)}` };
    },
  };
}

function envelopeConditions(
  { from, to, toIncludes, params }: NonNullable<MessageExpectation['envelope']>,
  tools: Tools,
): Condition<Message>[] {
  const all: Condition<Message>[] = [];
  const recipients = (message: Message): string[] => message.envelope.to.map(({ address }) => address);
  const lower = (addresses: string[]): string[] => addresses.map((address) => address.toLowerCase()).sort();
  if (from !== undefined)
    all.push(textCondition('envelope.from', from, ({ envelope }) => envelope.from.address, tools));
  for (const [name, wanted] of Object.entries({ to, toIncludes }))
    if (wanted !== undefined)
      all.push({
        path: `envelope.${name}`,
        text: `the recipients ${name === 'to' ? 'are' : 'include'} ${wanted.join(', ') || 'none'}`,
        judge(message) {
          const there = lower(recipients(message));
          const held =
            name === 'to'
              ? there.join('\n') === lower(wanted).join('\n')
              : lower(wanted).every((address) => there.includes(address));
          return { held, found: `they are ${shown(recipients(message), 'none')}` };
        },
      });
  if (params !== undefined)
    all.push({
      path: 'envelope.params',
      text: `MAIL has ${describeFields(params)}`,
      judge({ envelope }) {
        const given = envelope.from.params.map(({ name, value }) => ({ name, value: value ?? '' }));
        const problems = fieldProblems(params, given, tools);
        const all = given.map(({ name, value }) => (value === '' ? name : `${name}=${value}`));
        return { held: problems.length === 0, found: `the parameters are ${shown(all, 'none')}` };
      },
    });
  return all;
}

function htmlConditions(html: NonNullable<MessageExpectation['html']>, tools: Tools): Condition<Message>[] {
  if (!Array.isArray(html))
    return [textCondition('html', html, (message) => message.html && folded(message.html), tools)];
  return html.map(({ selector, text, attributes, count }, n) => {
    const more = also(text && `text that ${describeText(text)}`, attributes && describeFields(attributes));
    const wanted = count ?? atLeastOne;
    return {
      path: `html.${n}`,
      text: `${describeNumber(wanted)} of ${quote(selector)} in the HTML${more}`,
      judge(message) {
        if (message.html === null) return { held: numberHolds(wanted, 0), found: 'the message has no HTML' };
        const { elements, truncated } = tools.selectHtml(message.html, selector);
        const fitting = elements.filter(
          (element) =>
            (text === undefined || textHolds(text, element.text, tools)) &&
            fieldProblems(
              attributes ?? {},
              Object.entries(element.attributes).map(([name, value]) => ({ name, value })),
              tools,
            ).length === 0,
        );
        const all = elements.map((element) => `<${element.name}> ${quote(element.text, 60)}`);
        const rest = truncated ? '; the HTML is too large, only its beginning was looked at' : '';
        return {
          held: numberHolds(wanted, fitting.length),
          found: `${fitting.length} of ${elements.length}: ${shown(all, 'nothing is selected')}${rest}`,
        };
      },
    };
  });
}

function listConditions(wanted: MessageExpectation, tools: Tools): Condition<Message>[] {
  const fits = (match: Parameters<typeof textHolds>[0] | undefined, value: string): boolean =>
    match === undefined || textHolds(match, value, tools);
  const attachments = (wanted.attachments ?? []).map((one, n) => {
    const { filename, contentType, sha256, size, inline } = one;
    const more = also(
      filename && `a name that ${describeText(filename)}`,
      contentType && `a type that ${describeText(contentType)}`,
      sha256 && `SHA-256 ${sha256.toLowerCase()}`,
      size === undefined ? undefined : `${describeNumber(size)} bytes`,
      inline === undefined ? undefined : inline ? 'a place in the text' : 'no place in the text',
    );
    return countOf(`attachments.${n}`, { kind: 'attachments', more }, one.count, ({ attachmentList }) => ({
      fitting: attachmentList.filter(
        (found) =>
          fits(filename, found.filename) &&
          fits(contentType, found.contentType) &&
          (sha256 === undefined || found.sha256 === sha256.toLowerCase()) &&
          (size === undefined || numberHolds(size, found.size)) &&
          (inline === undefined || found.inline === inline),
      ),
      all: attachmentList.map(
        (found) => `${quote(found.filename)} ${found.contentType} ${found.size} bytes ${found.sha256}`,
      ),
    }));
  });
  const links = (wanted.links ?? []).map((one, n) => {
    const more = also(
      one.purpose && `the purpose ${one.purpose}`,
      one.text && `text that ${describeText(one.text)}`,
      one.href && `an address that ${describeText(one.href)}`,
    );
    return countOf(`links.${n}`, { kind: 'links', more }, one.count, (message) => ({
      fitting: message.links.filter(
        ({ text, href, purpose }) =>
          fits(one.text, text) &&
          fits(one.href, href) &&
          (one.purpose === undefined || purpose === one.purpose),
      ),
      all: message.links.map(
        ({ text, href, purpose }) => `${purpose} ${quote(text, 60)} ${quote(href, 200)}`,
      ),
    }));
  });
  const codes = (wanted.codes ?? []).map((one, n) =>
    countOf(
      `codes.${n}`,
      { kind: 'codes', more: also(one.code && `digits that ${describeText(one.code)}`) },
      one.count,
      (message) => ({
        fitting: message.codes.filter(({ code }) => fits(one.code, code)),
        all: message.codes.map(({ code, context }) => `${quote(code)} in ${quote(context, 60)}`),
      }),
    ),
  );
  return [...attachments, ...links, ...codes];
}

const findingsCondition = (below: Severity): Condition<Message> => ({
  path: 'findings',
  text: findingsText(below),
  judge({ findingList }) {
    const { texts } = badFindings(findingList, below);
    return { held: texts.length === 0, found: texts.join(' ') || 'none' };
  },
});

const fromParse = /^(?:headers|text|html|attachments|links|codes|findings)/;

export function messageConditions(wanted: MessageExpectation, tools: Tools): Condition<Message>[] {
  const { envelope, headers, subject, text, html, size } = wanted;
  const all: Condition<Message>[] = envelope ? envelopeConditions(envelope, tools) : [];
  if (subject !== undefined) all.push(textCondition('subject', subject, (message) => message.subject, tools));
  if (headers !== undefined)
    all.push({
      path: 'headers',
      text: `the header has ${describeFields(headers)}`,
      judge(message) {
        const problems = fieldProblems(headers, message.headers, tools);
        return { held: problems.length === 0, found: problems.join(', ') || 'all as expected' };
      },
    });
  if (text !== undefined)
    all.push(textCondition('text', text, (message) => message.text && folded(message.text).trimEnd(), tools));
  if (html !== undefined) all.push(...htmlConditions(html, tools));
  all.push(...listConditions(wanted, tools));
  if (wanted.findings !== undefined) all.push(findingsCondition(wanted.findings.below));
  if (size !== undefined)
    all.push({
      path: 'size',
      text: `the size is ${describeNumber(size)} bytes`,
      judge: (message) => ({ held: numberHolds(size, message.size), found: `it is ${message.size}` }),
    });
  return all.map((condition) => ({
    ...condition,
    judge(message) {
      if (message.parse === 'pending' && fromParse.test(condition.path))
        return { held: false, pending: true, found: 'the message is not parsed yet' };
      return condition.judge(message);
    },
  }));
}
