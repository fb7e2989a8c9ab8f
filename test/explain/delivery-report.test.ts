// Delivery reports and disposition notifications, as servers and mail programs write them.
import { expect, test } from 'vitest';
import { parseDeliveryReport } from '../../shared/explain/delivery-report.ts';
import { explainStatus } from '../../shared/explain/reply.ts';

const crlf = (...lines: string[]): string => lines.map((line) => `${line}\r\n`).join('');

test('a report of Postfix gives each recipient with action, status and diagnostic', () => {
  const report = parseDeliveryReport(
    crlf(
      'Reporting-MTA: dns; mail.shop.test',
      'X-Postfix-Queue-ID: 4Xk2',
      'Arrival-Date: Fri, 27 Nov 2026 09:12:41 +0100 (CET)',
      '',
      'Final-Recipient: rfc822; jo@customer.test',
      'Original-Recipient: rfc822;jo.doe@customer.test',
      'Action: failed',
      'Status: 5.1.1',
      'Remote-MTA: dns; mx.customer.test',
      'Diagnostic-Code: smtp; 550 5.1.1 no; such',
      '    user',
      '',
      'Final-Recipient: rfc822; kim@customer.test',
      'Original-Recipient: rfc822;kim@customer.test',
      'Action: Delayed',
      'Status: 4.4.1',
      'Will-Retry-Until: Wed, 2 Dec 2026 09:12:41 +0100',
    ),
  );
  expect(report).toEqual({
    fields: [
      { name: 'Reporting-MTA', type: 'dns', value: 'mail.shop.test' },
      { name: 'X-Postfix-Queue-ID', type: '', value: '4Xk2' },
      { name: 'Arrival-Date', type: '', value: 'Fri, 27 Nov 2026 09:12:41 +0100 (CET)' },
    ],
    recipients: [
      {
        address: 'jo@customer.test',
        action: 'failed',
        status: '5.1.1',
        fields: [
          { name: 'Original-Recipient', type: 'rfc822', value: 'jo.doe@customer.test' },
          { name: 'Remote-MTA', type: 'dns', value: 'mx.customer.test' },
          { name: 'Diagnostic-Code', type: 'smtp', value: '550 5.1.1 no; such user' },
        ],
      },
      {
        address: 'kim@customer.test',
        action: 'delayed',
        status: '4.4.1',
        fields: [{ name: 'Will-Retry-Until', type: '', value: 'Wed, 2 Dec 2026 09:12:41 +0100' }],
      },
    ],
    isTruncated: false,
  });
});

test('a report without an empty line before its recipient, or without a part about the message, is read', () => {
  const joined = parseDeliveryReport(
    'Reporting-MTA: dns;a.test\nFinal-Recipient: rfc822;b@c.test\nAction: relayed\n',
  );
  expect(joined.fields).toEqual([{ name: 'Reporting-MTA', type: 'dns', value: 'a.test' }]);
  expect(joined.recipients).toMatchObject([{ address: 'b@c.test', action: 'relayed', fields: [] }]);
  expect(parseDeliveryReport('no field\n\nAction: failed\nStatus: 5.0.0')).toMatchObject({
    fields: [],
    recipients: [{ address: '', action: 'failed', status: '5.0.0' }],
  });
});

test('a disposition notification says what was done with the mail', () => {
  const report = parseDeliveryReport(
    crlf(
      'Reporting-UA: desk.test; Mail 1.0',
      'Final-Recipient: rfc822;jo@customer.test',
      'Original-Message-ID: <1@shop.test>',
      'Disposition: manual-action/MDN-sent-manually; displayed/error',
    ),
  );
  expect(report.fields.map(({ value }) => value)).toEqual(['desk.test; Mail 1.0', '<1@shop.test>']);
  expect(report.recipients).toMatchObject([
    { address: 'jo@customer.test', action: 'displayed', status: '', fields: [{ name: 'Disposition' }] },
  ]);
});

test('of a report about very many recipients the first 500 are given, and it says so', () => {
  const report = parseDeliveryReport(`Reporting-MTA: dns;a\n\n${'Action: failed\n\n'.repeat(600)}`);
  expect(report.recipients).toHaveLength(500);
  expect(report.isTruncated).toBe(true);
});

test('a status of a report is explained by its class and its code', () => {
  expect(explainStatus('5.1.1')).toEqual({
    class: 'permanent failure',
    meaning: 'There is no such mailbox.',
    advice: 'Stop sending to this address.',
  });
  expect(explainStatus('4.4.1 (no answer)')).toMatchObject({ class: 'transient failure' });
  for (const text of ['', '3.1.1', '9.9.9', '5.1', 'x']) expect(explainStatus(text)).toBeNull();
});
