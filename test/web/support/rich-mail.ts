// A mail with something in it for each tab of the message view.
const dot =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const html = [
  '<!doctype html><html><head><style>',
  'body{background:#ffffff;color:#222}@media (prefers-color-scheme: dark){body{background:#102030;color:#eee}}',
  '@import url(http://fonts.invalid/f.css);</style></head><body>',
  '<h1>Your code is 482913</h1><p><a href="http://shop.invalid/confirm">Confirm your address</a>',
  '<a href="http://evil.invalid/">https://bank.invalid/login</a></p><img src="cid:logo@shop.invalid" alt="logo">',
  '<img src="http://cdn.invalid/a.png" alt="">',
  '<img src="http://track.invalid/o.gif" width="1" height="1" alt=""></body></html>',
];
const event = [
  'BEGIN:VCALENDAR',
  'METHOD:REQUEST',
  'BEGIN:VEVENT',
  'UID:1@shop.invalid',
  'SUMMARY:Delivery of order 4201',
  'DTSTART:20260319T100000Z',
  'DTEND:20260319T113000Z',
  'END:VEVENT',
  'END:VCALENDAR',
];
const contact = ['BEGIN:VCARD', 'VERSION:3.0', 'FN:Clara Office', 'EMAIL:clara@shop.invalid', 'END:VCARD'];

const part = (headers: readonly string[], body: readonly string[]): string[] => [
  '--m',
  ...headers,
  '',
  ...body,
];

export const richMail = (subject: string): string =>
  [
    'Received: from relay.invalid ([192.0.2.7]) by mx.invalid with ESMTPS id 2; Thu, 12 Mar 2026 14:22:05 +0000',
    'Received: from app ([10.0.0.7]) by relay.invalid with ESMTPA id 1; Thu, 12 Mar 2026 14:20:01 +0000',
    'Authentication-Results: mx.invalid; spf=pass smtp.mailfrom=shop.invalid; dkim=fail header.d=shop.invalid',
    'From: Shop <ann@example.test>',
    'To: bob@example.test',
    `Subject: ${subject}`,
    'Date: Thu, 12 Mar 2026 14:19:58 +0000',
    'List-Unsubscribe: <http://shop.invalid/leave>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=m',
    '',
    ...part(
      ['Content-Type: multipart/alternative; boundary=a'],
      [
        ...['--a', 'Content-Type: text/plain; charset=utf-8', '', `Your code is 482913. (${subject})`],
        ...['--a', 'Content-Type: text/html; charset=utf-8', '', ...html, '--a--'],
      ],
    ),
    ...part(
      [
        'Content-Type: image/png; name=logo.png',
        'Content-Transfer-Encoding: base64',
        'Content-ID: <logo@shop.invalid>',
        'Content-Disposition: inline; filename=logo.png',
      ],
      [dot],
    ),
    ...part(['Content-Type: text/calendar', 'Content-Disposition: attachment; filename=invite.ics'], event),
    ...part(['Content-Type: text/vcard', 'Content-Disposition: attachment; filename=clara.vcf'], contact),
    ...part(
      ['Content-Type: text/csv', 'Content-Disposition: attachment; filename=../data.csv'],
      ['a,b', '1,2'],
    ),
    '--m--',
    '',
  ].join('\r\n');

/** The tabs, by their keys from 1, each with something that it shows of that mail. */
export const messageTabs = [
  ['preview', '2 remote images blocked'],
  ['text', 'longest line'],
  ['headers', 'Received'],
  ['structure', 'multipart/alternative'],
  ['source', 'Received:'],
  ['attachments', 'Delivery of order 4201'],
  ['envelope', 'MAIL FROM:'],
  ['links', 'Confirm your address'],
  ['checks', 'What to do'],
] as const;
