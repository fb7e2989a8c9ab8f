// Messages as the API gives them, for pages that are tested without a server.
import type { Message, MessageSummary, Part } from '../../../shared/message.ts';
import { dateless } from './fixture-findings.ts';

const day = Date.parse('2026-03-12T14:20:00.000Z');

const leaf = (path: string, contentType: string, more: Partial<Part> = {}): Part => ({
  path,
  contentType,
  charset: contentType.startsWith('text/') ? 'utf-8' : null,
  encoding: 'quoted-printable',
  disposition: null,
  filename: null,
  contentId: null,
  headerOffset: 400,
  bodyOffset: 512,
  bodyLength: 2410,
  size: 2288,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  children: [],
  ...more,
});

const branch = (path: string, contentType: string, children: Part[]): Part =>
  leaf(path, contentType, {
    charset: null,
    encoding: '7bit',
    bodyLength: 48_200,
    size: null,
    sha256: null,
    children,
  });

export function makeMessage(seq: number, more: Partial<Message> = {}): Message {
  const id = more.id ?? `m_${String(seq).padStart(8, '0')}`;
  const receivedAt = new Date(day + seq * 47_000).toISOString();
  return {
    id,
    seq,
    receivedAt,
    receivedAtUs: Date.parse(receivedAt) * 1000,
    sessionId: 's_captured',
    transaction: 1,
    origin: 'smtp',
    inboxes: ['default'],
    size: 3120 + seq * 17,
    mailFrom: 'bounces@shop.example',
    rcptTo: ['ann@customer.example'],
    rcptCount: 1,
    from: [{ name: 'Shop Billing', address: 'billing@shop.example' }],
    to: [{ name: 'Ann Archer', address: 'ann@customer.example' }],
    subject: `Invoice ${4200 + seq} is ready`,
    snippet: 'Hello Ann, your invoice for this month is attached. It is due on the first of next month.',
    date: receivedAt,
    attachments: 0,
    tls: 'TLSv1.3',
    user: null,
    read: true,
    pinned: false,
    tags: [],
    parse: 'parsed',
    envelope: {
      from: {
        address: 'bounces@shop.example',
        params: [{ name: 'SIZE', value: '3120' }],
        line: 14,
        reply: { code: 250, enhanced: '2.1.0', text: 'Accepted' },
      },
      to: [
        {
          address: 'ann@customer.example',
          params: [{ name: 'NOTIFY', value: 'FAILURE' }],
          line: 16,
          reply: { code: 250, enhanced: '2.1.5', text: 'Accepted' },
        },
      ],
    },
    lines: { first: 14, last: 22 },
    cc: [],
    bcc: [],
    replyTo: [],
    messageId: `<${seq}@shop.example>`,
    headers: [
      ['Received', 'from app-7 by shop.example with ESMTPS; Thu, 12 Mar 2026 14:20:00 +0000'],
      ['From', 'Shop Billing <billing@shop.example>'],
      ['To', 'Ann Archer <ann@customer.example>'],
      ['Subject', 'Rechnung 4201 für März', '=?UTF-8?Q?Rechnung_4201_f=C3=BCr_M=C3=A4rz?='],
      [
        'DKIM-Signature',
        'v=1; a=rsa-sha256; d=shop.example; s=mail; h=from:to:subject; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav',
      ],
      ['Message-ID', `<${seq}@shop.example>`],
      ['MIME-Version', '1.0'],
      ['Content-Type', 'multipart/mixed; boundary="b1"'],
    ].map(([name = '', value = '', raw = value], index) => ({
      name,
      value,
      raw: `${name}: ${raw}`,
      offset: index * 80,
      length: 80,
    })),
    text: 'Hello Ann,\n\nyour invoice for this month is attached.\n\n\tTotal\t42.00\n\nThe Shop',
    html: '<h1>Invoice</h1><p>Hello Ann</p>',
    structure: branch('0', 'multipart/mixed', [
      branch('1', 'multipart/alternative', [
        leaf('1.1', 'text/plain'),
        leaf('1.2', 'text/html', { bodyLength: 11_020, size: 10_400 }),
      ]),
      leaf('2', 'application/pdf', {
        encoding: 'base64',
        disposition: 'attachment',
        filename: 'invoice-4201.pdf',
        bodyLength: 36_210,
        size: 26_460,
      }),
    ]),
    attachmentList: [],
    links: [],
    codes: [],
    unsubscribe: null,
    problem: null,
    ...more,
  };
}

export const htmlMail = `<!doctype html><meta name="color-scheme" content="light dark">
<style>body{font:16px/1.6 system-ui,sans-serif;margin:0;background:#f4f2ee;color:#222}main{max-width:560px;margin:32px auto;padding:32px;background:#fff;border-radius:12px}
.b{display:inline-block;padding:12px 20px;border-radius:8px;background:#0b6b4f;color:#fff;text-decoration:none}td{padding:6px 0;border-top:1px solid #ddd}table{width:100%}
@media(prefers-color-scheme:dark){body{background:#15171a;color:#eee}main{background:#1f2226}td{border-color:#333}}</style>
<main><h1>Your invoice is ready</h1><p>Hello Ann, thank you for your order. It left our warehouse this morning.</p>
<table><tr><td>Fountain pen<td align=right>29.00<tr><td>Blue ink, 50 ml<td align=right>13.00<tr><td><b>Total</b><td align=right><b>42.00</b></table>
<p><a class=b href="https://shop.example/pay">Pay now</a></p></main>`;

const attached = {
  part: '2',
  filename: 'invoice-4201.pdf',
  contentType: 'application/pdf',
  size: 26_460,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  contentId: null,
  inline: false,
};

/** The interesting ones, newest last. */
export function someMessages(): Message[] {
  return [
    makeMessage(1, {
      subject: 'Nightly report',
      from: [{ name: '', address: 'cron@build.example' }],
      tls: null,
      html: null,
      snippet: '214 jobs, 0 failed, 3 slower than last week.',
    }),
    makeMessage(2, {
      subject: 'Password reset',
      from: [{ name: 'Accounts', address: 'no-reply@id.example' }],
      snippet: 'Someone asked for a new password. If it was not you, do nothing.',
    }),
    makeMessage(3, {
      id: 'm_hostile',
      subject: 'Your account\u202Egnp.exe\u202C is \u200Bsafe\u0007',
      from: [{ name: 'PayPal\u200E Support', address: 'help@paypa1.example' }],
      snippet: 'Click the \u2066link\u2069 <script>alert(1)</script> {@html x}',
      tls: null,
    }),
    makeMessage(4, {
      id: 'm_problem',
      subject: '',
      from: [],
      to: [],
      snippet: '',
      html: null,
      text: null,
      parse: 'failed',
      structure: null,
      problem: 'The message has more than 10,000 parts; it is shown as bytes only.',
      size: 48_210_433,
    }),
    makeMessage(5, {
      id: 'm_bulk',
      subject:
        'Town hall on Thursday: agenda and questions so far, with the notes of the last three meetings for reference',
      from: [{ name: 'Internal Communications', address: 'comms@corp.example' }],
      to: Array.from({ length: 12 }, (_, n) => ({
        name: `Team ${n + 1}`,
        address: `team${n + 1}@corp.example`,
      })),
      rcptCount: 214,
      user: 'comms-app',
      snippet: 'Dear all, the next town hall is on Thursday at ten. Please send questions until Wednesday.',
    }),
    makeMessage(6, {
      id: 'm_pending',
      subject: 'Release 2.4 is out',
      parse: 'pending',
      snippet: '',
      read: false,
      text: null,
      html: null,
      structure: null,
      from: [{ name: 'Release Bot', address: 'bot@git.example' }],
    }),
    makeMessage(7, {
      id: 'm_invoice',
      findings: { count: 1, worst: 'warning' },
      findingList: [dateless],
      subject: 'Rechnung 4201 für März 🧾',
      attachments: 2,
      attachmentList: [
        attached,
        {
          ...attached,
          part: '3',
          filename: 'logo.png',
          contentType: 'image/png',
          size: 4210,
          inline: true,
          contentId: 'logo@shop',
        },
      ],
      user: 'shop-app',
      read: false,
      rcptTo: ['ann@customer.example', 'archive@shop.example'],
      rcptCount: 2,
      envelope: {
        from: {
          address: 'bounces@shop.example',
          params: [
            { name: 'SIZE', value: '3120' },
            { name: 'BODY', value: '8BITMIME' },
          ],
          line: 25,
          reply: { code: 250, enhanced: '2.1.0', text: 'Accepted' },
        },
        to: ['ann@customer.example', 'archive@shop.example'].map((address, index) => ({
          address,
          params: index === 0 ? [{ name: 'NOTIFY', value: 'FAILURE,DELAY' }] : [],
          line: 26 + index,
          reply: { code: 250, enhanced: '2.1.5', text: 'Accepted' },
        })),
      },
      lines: { first: 25, last: 34 },
    }),
  ];
}

export function toSummary(message: Message): MessageSummary {
  const {
    envelope: _e,
    lines: _l,
    headers: _h,
    text: _t,
    html: _m,
    structure: _s,
    attachmentList: _a,
    links: _i,
    codes: _c,
    unsubscribe: _u,
    problem: _p,
    ...summary
  } = message;
  return summary;
}
