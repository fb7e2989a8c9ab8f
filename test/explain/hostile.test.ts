// Whatever was sent, explanations neither throw nor grow nor take long.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddressList } from '../../shared/explain/address.ts';
import { readAuthentication } from '../../shared/explain/authentication.ts';
import { parseCalendar } from '../../shared/explain/calendar.ts';
import { guessClient } from '../../shared/explain/client.ts';
import { explainCommand } from '../../shared/explain/command.ts';
import { compareEnvelope } from '../../shared/explain/compare-envelope.ts';
import { parseContacts } from '../../shared/explain/contact.ts';
import { explainKeyword } from '../../shared/explain/ehlo-keyword.ts';
import { parseDeliveryReport } from '../../shared/explain/delivery-report.ts';
import { explainHeader } from '../../shared/explain/header.ts';
import { parseMailDate } from '../../shared/explain/mail-date.ts';
import { readReceived } from '../../shared/explain/received.ts';
import { explainRecurrence } from '../../shared/explain/recurrence.ts';
import { explainReply, explainStatus } from '../../shared/explain/reply.ts';
import type { TranscriptLine } from '../../shared/transcript.ts';
import { field, messageOf } from './fields.ts';
import { cpuNow } from '../support/cpu-time.ts';
import { lineOf, sessionOf } from '../support/records.ts';
import { someOf } from '../support/share.ts';

const session = sessionOf('s_1', 0, { outcome: 'open', clientName: null });
const line = (text: string, n: number): TranscriptLine => lineOf(n, { text });
const headers = (text: string) =>
  [
    'Received',
    'Authentication-Results',
    'ARC-Authentication-Results',
    'DKIM-Signature',
    'ARC-Seal',
    'Received-SPF',
  ]
    .concat(['From', 'To', 'Cc', 'Bcc', 'Message-ID', 'Content-Type', 'X-Mailer', 'Date'])
    .map((name) => field(`${name}: ${text}`));
const message = (text: string) => messageOf(text, [text, text], headers(text));

const readers: Record<string, (text: string) => unknown> = {
  explainStatus: (text) => [explainStatus(text), explainStatus(`5.${text}`)],
  parseDeliveryReport: (text) => [
    parseDeliveryReport(text),
    parseDeliveryReport(
      `Reporting-MTA: ${text}\n\nFinal-Recipient: ${text}\nStatus: ${text}\nDisposition: ${text}`,
    ),
  ],
  explainReply: (text) => [explainReply(550, text, text), explainReply(text.length, null, text)],
  explainCommand: (text) =>
    ['', 'MAIL FROM:', 'RCPT TO:<', 'AUTH ', 'EHLO ', 'BDAT ', 'XCLIENT '].map((verb) =>
      explainCommand(verb + text),
    ),
  explainKeyword: (text) => [
    explainKeyword(text, text),
    explainKeyword('AUTH', text),
    explainKeyword('LIMITS', text),
  ],
  explainHeader: (text) => [explainHeader(text), explainHeader(`X-MS-${text}`)],
  parseMailDate: (text) => parseMailDate(text),
  readReceived: (text) => readReceived(headers(text)),
  readAuthentication: (text) => readAuthentication(headers(text)),
  compareEnvelope: (text) => compareEnvelope(message(text)),
  parseAddressList: (text) => parseAddressList(text),
  explainRecurrence: (text) => [explainRecurrence(text), explainRecurrence(`FREQ=DAILY;${text}`)],
  parseCalendar: (text) => [
    parseCalendar(text),
    parseCalendar(
      `BEGIN:VEVENT\nDTSTART:20260706T100000\n${text}\nDTSTART:${text}\nDURATION:${text}\nRRULE:${text}\nATTENDEE;${text}`,
    ),
  ],
  parseContacts: (text) => [
    parseContacts(text),
    parseContacts(`BEGIN:VCARD\n${text}\nN:${text}\nTEL;${text}\nADR:${text}`),
  ],
};

/** What a test makes of the text before it is read. */
const prepared: Record<string, (text: string) => () => unknown> = {
  ...Object.fromEntries(
    Object.entries(readers).map(([name, read]) => [name, (text: string) => () => read(text)]),
  ),
  guessClient(text) {
    const lines = text.split(' ').map(line);
    const mail = message(text);
    return () => guessClient(session, lines, mail);
  },
};

/** Pieces that the readers look for, so that random text gets deep into them. */
const pieces = fc.constantFrom(
  ...[
    ';',
    ':',
    '"',
    '(',
    ')',
    '<',
    '>',
    '=',
    ',',
    '\\',
    '\r\n',
    '\r\n ',
    '\n',
    ' ',
    '@',
    '[',
    ']',
    '+',
    '%',
    '^n',
    '.',
  ],
  ...[
    'from ',
    'by ',
    'with ',
    'id ',
    'for ',
    'SIZE=',
    'NOTIFY=',
    'ORCPT=',
    'rfc822;',
    'BEGIN:',
    'END:',
    'VEVENT',
    'VCARD',
  ],
  ...[
    'DTSTART',
    'DURATION:',
    'P1D',
    'RRULE:',
    'FREQ=',
    'BYDAY=',
    '-1FR',
    'COUNT=',
    'ATTENDEE;',
    'CN=',
    'ENCODING=',
  ],
  ...[
    'QUOTED-PRINTABLE:',
    '=C3=',
    'spf=',
    'pass',
    'dkim=',
    'header.d=',
    'i=1;',
    'none',
    'd=',
    's=',
    'h=',
    't=',
    '9999999999',
  ],
  ...[
    'Mon, 6 Jul 2026 10:00:00 +0200',
    '20260706T100000Z',
    '5.1.1',
    '__proto__',
    'constructor',
    '\0',
    '\uD800',
    'é',
    '😀',
  ],
);
const text = fc.oneof(
  fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

const repeated = [
  ...[
    '(',
    ')',
    '<',
    '"',
    '[',
    '\\',
    ';',
    ':',
    ',',
    '=',
    ' ',
    'a',
    '\n',
    '\n ',
    '\r',
    '@',
    'by ',
    'x;',
    'a=b;',
    'a:b\n',
  ],
  ...[
    '"a',
    '<a',
    '(a;',
    '[a',
    'BEGIN:VEVENT\n',
    'END:VEVENT\n',
    'BEGIN:VCARD\nEND:VCARD\n',
    '=\r\n',
    'TEL:1\n',
    '/',
    'tls ',
  ],
  ...[
    'spf=pass ',
    'spf=pass;',
    'cipher=',
    'exceeded 1',
    'message ',
    '1,',
    ' and ',
    'X;ENCODING=QUOTED-PRINTABLE:=\n',
  ],
];

describe.each(Object.entries(prepared).map(([name, prepare], n) => ({ name, prepare, n })))(
  '$name',
  ({ prepare, n }) => {
    test('takes any text', () => {
      fc.assert(
        fc.property(text, (hostile) => {
          const size = JSON.stringify(prepare(hostile)() ?? null).length;
          expect(size).toBeLessThan(20_000 + 200 * hostile.length);
        }),
        { numRuns: 300 },
      );
    });

    test.each(someOf(repeated, n))(
      'takes a megabyte of %j in a moment, and answers with less than half of it',
      (piece) => {
        const megabyte = piece.repeat(Math.ceil(1_000_000 / piece.length));
        const read = prepare(megabyte);
        const began = cpuNow();
        const size = JSON.stringify(read() ?? null).length;
        expect(cpuNow() - began).toBeLessThan(1500);
        expect(size).toBeLessThan(500_000);
      },
    );
  },
);
