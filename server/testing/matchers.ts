// Matchers for expect of Vitest, Jest and Playwright. They know none of them: only what all three give to a matcher.
import type { Link, Message } from '../../shared/message.ts';
import type { Expected, Waiting, WaitOptions } from '../../shared/client/waiting.ts';
import { MailscopeError } from '../../shared/errors.ts';
import type { Session } from '../../shared/session.ts';
import { onlyFields, requireMail, requireMessage } from './matcher-input.ts';
import { describeFound, requireFindable, unwanted, type FindingOptions } from './no-findings.ts';
import { fits, isTextLike, showMatch, type TextLike } from './text-like.ts';

export interface MatcherContext {
  isNot?: boolean;
  equals?: (a: unknown, b: unknown) => boolean;
}
export interface MatcherResult {
  pass: boolean;
  message: () => string;
}

export type Receiving = Pick<Waiting, 'waitForMessages' | 'waitForSession' | 'expectNoMessage' | 'expect'>;
type ReceivedOptions = WaitOptions & { count?: number | undefined };

export interface LinkLike {
  href?: TextLike | undefined;
  text?: TextLike | undefined;
  purpose?: Link['purpose'] | undefined;
}
export interface AttachmentLike {
  filename?: TextLike | undefined;
  contentType?: TextLike | undefined;
  /** Of the decoded bytes, in hexadecimal. */
  sha256?: string | undefined;
  /** Decoded, in bytes. */
  size?: number | undefined;
}

/** How long `.not.toHaveReceived` waits for what must not come. */
const quietTime = '300ms';

const optionsOf = (wait: ReceivedOptions | string = {}): ReceivedOptions =>
  typeof wait === 'string' ? { query: wait } : wait;
const whichOf = ({ query }: ReceivedOptions): string => (query === undefined ? '' : ` that matches ${query}`);

const result = (pass: boolean, text: () => string): MatcherResult => ({ pass, message: text });

/** Passes when the work does. What is no verdict of Mailscope, such as a wrong query, is thrown on. */
async function judged(work: Promise<unknown>, codes: string[], unexpected: string): Promise<MatcherResult> {
  try {
    await work;
    return result(true, () => unexpected);
  } catch (error) {
    const { name, code, message } = error as { name: string; code?: string; message: string };
    const isVerdict =
      name === 'ExpectationError' || (error instanceof MailscopeError && codes.includes(code!));
    if (!isVerdict) throw error;
    return result(false, () => message);
  }
}

const titleOf = ({ id, subject, rcptTo }: Message): string => `${id} "${subject}" to ${rcptTo.join(', ')}`;
const listed = (title: string, lines: string[]): string =>
  [`${title}:`, ...(lines.length > 0 ? lines : ['none']).map((line) => `  ${line}`)].join('\n');

/** `expect.extend(matchers)`. The first three take a sandbox or a client, the others a message, `toHaveNoFindings` also a session. */
export const matchers = {
  async toHaveReceived(
    this: MatcherContext,
    mail: Receiving,
    wait?: ReceivedOptions | string,
  ): Promise<MatcherResult> {
    requireMail('toHaveReceived', mail);
    const options = optionsOf(wait);
    const { count = 1, ...rest } = options;
    if (!this.isNot || count > 1) {
      const patience = this.isNot ? { timeout: quietTime, ...options } : options;
      const tooMany = `At least ${count} messages came${rest.query === undefined ? '' : ` that match ${rest.query}`}.`;
      return judged(mail.waitForMessages(patience), ['wait_timed_out'], tooMany);
    }
    const quiet = mail.expectNoMessage({ timeout: quietTime, ...rest });
    const { pass, message } = await judged(quiet, ['unexpected_message', 'wait_timed_out'], '');
    return result(!pass, message);
  },

  async toHaveSession(
    this: MatcherContext,
    mail: Receiving,
    wait?: WaitOptions | string,
  ): Promise<MatcherResult> {
    requireMail('toHaveSession', mail);
    const options = optionsOf(wait);
    // A session that is not there yet cannot be told from one that never comes, so a short look has to do.
    const patience = this.isNot ? { timeout: quietTime, ...options } : options;
    return judged(
      mail.waitForSession(patience),
      ['wait_timed_out'],
      `There is a session${whichOf(options)}.`,
    );
  },

  async toMeet(this: MatcherContext, mail: Receiving, expected: Expected): Promise<MatcherResult> {
    requireMail('toMeet', mail);
    return judged(mail.expect(expected), [], 'All conditions held.');
  },

  toHaveHeader(this: MatcherContext, message: Message, name: string, value?: TextLike): MatcherResult {
    requireMessage('toHaveHeader', message);
    const found = message.headers.filter((field) => field.name.toLowerCase() === name.toLowerCase());
    const pass = found.some((field) => value === undefined || fits(field.value, value, this));
    const wanted = value === undefined ? name : `${name}: ${showMatch(value)}`;
    return result(pass, () =>
      listed(
        `Expected ${titleOf(message)} ${this.isNot ? 'not ' : ''}to have the header ${wanted}. It has`,
        (found.length > 0 ? found : message.headers).map((field) => `${field.name}: ${field.value}`),
      ),
    );
  },

  toHaveSubject(this: MatcherContext, message: Message, subject: TextLike): MatcherResult {
    requireMessage('toHaveSubject', message);
    const pass = fits(message.subject, subject, this);
    return result(
      pass,
      () =>
        `Expected ${titleOf(message)} ${this.isNot ? 'not ' : ''}to have the subject ${showMatch(subject)}.`,
    );
  },

  /** Who was in RCPT TO, whatever the header says. */
  toBeSentTo(this: MatcherContext, message: Message, ...recipients: TextLike[]): MatcherResult {
    requireMessage('toBeSentTo', message);
    const sentTo = message.envelope.to.map(({ address }) => address);
    const pass = recipients.every((wanted) => sentTo.some((address) => fits(address, wanted, this)));
    return result(pass, () =>
      listed(
        `Expected ${titleOf(message)} ${this.isNot ? 'not ' : ''}to be sent to ${recipients.map(showMatch).join(', ')}. Its recipients`,
        sentTo,
      ),
    );
  },

  toHaveText(this: MatcherContext, message: Message, text: TextLike): MatcherResult {
    requireMessage('toHaveText', message);
    const body = message.text ?? '';
    const pass = typeof text === 'string' ? body.includes(text) : fits(body, text, this);
    return result(
      pass,
      () =>
        `Expected the text of ${titleOf(message)} ${this.isNot ? 'not ' : ''}to have ${showMatch(text)}. It is:\n${body.slice(0, 2000)}`,
    );
  },

  toHaveLink(this: MatcherContext, message: Message, link: TextLike | LinkLike): MatcherResult {
    requireMessage('toHaveLink', message);
    const { href, text, purpose }: LinkLike = isTextLike(link)
      ? { href: link }
      : onlyFields('toHaveLink', link ?? {}, ['href', 'text', 'purpose']);
    const holds = (one: Link): boolean =>
      (href === undefined || fits(one.href, href, this)) &&
      (text === undefined || fits(one.text, text, this)) &&
      (purpose === undefined || one.purpose === purpose);
    return result(message.links.some(holds), () =>
      listed(
        `Expected ${titleOf(message)} ${this.isNot ? 'not ' : ''}to have the link ${showMatch(link)}. Its links`,
        message.links.map((one) => `${one.purpose}  ${one.href}  "${one.text}"`),
      ),
    );
  },

  toHaveCode(this: MatcherContext, message: Message, code?: TextLike): MatcherResult {
    requireMessage('toHaveCode', message);
    const pass = message.codes.some((one) => code === undefined || fits(one.code, code, this));
    return result(pass, () =>
      listed(
        `Expected ${titleOf(message)} ${this.isNot ? 'not ' : ''}to have ${code === undefined ? 'a code' : `the code ${showMatch(code)}`}. Its codes`,
        message.codes.map((one) => `${one.code}  in "${one.context}"`),
      ),
    );
  },

  /** Of a session that has ended, too. What is of severity notice or info is passed over unless `worst` says else. */
  toHaveNoFindings(
    this: MatcherContext,
    subject: Message | Session,
    options: FindingOptions = {},
  ): MatcherResult {
    requireFindable('toHaveNoFindings', subject);
    const found = unwanted('toHaveNoFindings', subject, options);
    return result(found.length === 0, () =>
      listed(
        `Expected ${subject.id} ${this.isNot ? 'to have findings' : 'to have no findings'}. It has`,
        found.map(describeFound),
      ),
    );
  },

  toHaveAttachment(
    this: MatcherContext,
    message: Message,
    attachment?: TextLike | AttachmentLike,
  ): MatcherResult {
    requireMessage('toHaveAttachment', message);
    const wanted: AttachmentLike = isTextLike(attachment)
      ? { filename: attachment }
      : onlyFields('toHaveAttachment', attachment ?? {}, ['filename', 'contentType', 'size', 'sha256']);
    const pass = message.attachmentList.some(
      (one) =>
        (wanted.filename === undefined || fits(one.filename, wanted.filename, this)) &&
        (wanted.contentType === undefined || fits(one.contentType, wanted.contentType, this)) &&
        (wanted.size === undefined || one.size === wanted.size) &&
        (wanted.sha256 === undefined || one.sha256 === wanted.sha256.toLowerCase()),
    );
    return result(pass, () =>
      listed(
        `Expected ${titleOf(message)} ${this.isNot ? 'not ' : ''}to have the attachment ${showMatch(wanted)}. Its attachments`,
        message.attachmentList.map(
          (one) => `${one.filename}  ${one.contentType}  ${one.size} bytes  ${one.sha256}`,
        ),
      ),
    );
  },
};

/** As expect has them: without the value itself, and without an answer. */
export type MailMatchers = {
  [N in keyof typeof matchers]: OmitThisParameter<(typeof matchers)[N]> extends (
    subject: never,
    ...given: infer G
  ) => Promise<MatcherResult> | MatcherResult
    ? (...given: G) => ReturnType<(typeof matchers)[N]> extends Promise<unknown> ? Promise<void> : void
    : never;
};
