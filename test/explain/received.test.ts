// The way of a message, in the Received fields of real servers.
import { describe, expect, test } from 'vitest';
import { readReceived } from '../../shared/explain/received.ts';
import { fieldsOf } from './fields.ts';

const one = (value: string) => readReceived(fieldsOf(`Received: ${value}`))[0]!;

describe('the field of', () => {
  test('Postfix, with TLS', () => {
    expect(
      one(
        'from client.test (unknown [192.0.2.7])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n\t key-exchange X25519 server-signature RSA-PSS (2048 bits))\r\n\t(No client certificate requested)\r\n\tby mx.example.test (Postfix) with ESMTPSA id 4W1abc\r\n\tfor <bob@example.test>; Mon,  6 Jul 2026 12:00:01 +0200 (CEST)',
      ),
    ).toMatchObject({
      from: 'client.test',
      fromDetail: expect.stringContaining('unknown [192.0.2.7]'),
      by: 'mx.example.test',
      with: 'ESMTPSA',
      protocol: 'ESMTP inside TLS, after a login',
      id: '4W1abc',
      for: 'bob@example.test',
      tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384',
      date: '2026-07-06T10:00:01.000Z',
      delaySeconds: null,
    });
  });

  test('Exim', () => {
    expect(
      one(
        'from [192.0.2.7] (helo=client.test)\r\n\tby mx.example.test with esmtps  (TLS1.3) tls TLS_AES_256_GCM_SHA384\r\n\t(Exim 4.96)\r\n\t(envelope-from <ann@example.test>)\r\n\tid 1qAbCd-0001Ab-2X\r\n\tfor bob@example.test;\r\n\tMon, 06 Jul 2026 10:00:00 +0000',
      ),
    ).toMatchObject({
      from: '[192.0.2.7]',
      fromDetail: 'helo=client.test',
      by: 'mx.example.test',
      with: 'esmtps',
      protocol: 'ESMTP inside TLS',
      id: '1qAbCd-0001Ab-2X',
      for: 'bob@example.test',
      tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384',
    });
  });

  test('Exchange', () => {
    expect(
      one(
        'from AM0PR01MB1.eurprd01.prod.exchangelabs.com\r\n (2603:10a6:208:1::14) by DB8PR01MB2.eurprd01.prod.exchangelabs.com with\r\n Microsoft SMTP Server (version=TLS1_2,\r\n cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.6.7; Mon, 6 Jul 2026\r\n 10:00:00 +0000',
      ),
    ).toMatchObject({
      by: 'DB8PR01MB2.eurprd01.prod.exchangelabs.com',
      with: 'Microsoft SMTP Server',
      protocol: 'SMTP between Exchange servers',
      id: '15.20.6.7',
      tls: 'TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      date: '2026-07-06T10:00:00.000Z',
    });
    expect(
      one(
        'from a.test (10.0.0.1) by b.test (10.0.0.2) with Microsoft SMTP Server id 14.3 via Frontend Transport; Mon, 6 Jul 2026 10:00:00 +0000',
      ),
    ).toMatchObject({ with: 'Microsoft SMTP Server', id: '14.3' });
  });

  test('Gmail', () => {
    expect(
      one(
        'by 2002:a05:6402:1234:b0:5c:ab with SMTP id abc123;\r\n        Mon, 06 Jul 2026 03:00:00 -0700 (PDT)',
      ),
    ).toMatchObject({
      from: null,
      by: '2002:a05:6402:1234:b0:5c:ab',
      with: 'SMTP',
      date: '2026-07-06T10:00:00.000Z',
    });
    expect(
      one(
        'from mail-sor.google.com (mail-sor.google.com. [209.85.220.41])\r\n by mx.google.com with SMTPS id x1\r\n for <bob@example.test>\r\n (Google Transport Security);\r\n Mon, 06 Jul 2026 03:00:00 -0700 (PDT)',
      ),
    ).toMatchObject({ with: 'SMTPS', for: 'bob@example.test' });
  });

  test('Amazon SES, sendmail and Node', () => {
    expect(
      one(
        'from a8-1.smtp-out.amazonses.com (a8-1.smtp-out.amazonses.com [54.240.8.1]) by inbound-smtp.us-east-1.amazonaws.com with SMTP id abc for bob@example.test; Mon, 06 Jul 2026 10:00:00 +0000 (UTC)',
      ),
    ).toMatchObject({ id: 'abc', for: 'bob@example.test', date: '2026-07-06T10:00:00.000Z' });
    expect(
      one(
        'from client.test (host.test [192.0.2.7]) (authenticated bits=0) by mx.test (8.17.1/8.17.1) with ESMTPSA id 466A0 (version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256 verify=NO) for <bob@x.test>; Mon, 6 Jul 2026 10:00:00 GMT',
      ),
    ).toMatchObject({ tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384', by: 'mx.test', id: '466A0' });
    expect(one('from [127.0.0.1] by node.test with HTTP; Mon, 06 Jul 2026 10:00:00 +0000')).toMatchObject({
      protocol: 'web mail or an HTTP API',
    });
  });

  test('qmail', () => {
    expect(one('(qmail 4711 invoked by uid 89); 6 Jul 2026 10:00:00 -0000')).toMatchObject({
      from: null,
      by: null,
      with: 'qmail 4711 invoked by uid 89',
      date: '2026-07-06T10:00:00.000Z',
    });
    expect(
      one('from unknown (HELO ?10.0.0.1?) (192.0.2.7) by mx.test with SMTP; 6 Jul 2026 10:00:00 -0000'),
    ).toMatchObject({
      from: 'unknown',
      fromDetail: 'HELO ?10.0.0.1? 192.0.2.7',
    });
  });
});

test('the chain is given oldest first, with the seconds between hops', () => {
  const hops = readReceived(
    fieldsOf(
      'Received: by c.test; Mon, 6 Jul 2026 10:00:03 +0000',
      'Received: by b.test with ESMTP id 2',
      'Subject: not this one',
      'RECEIVED: by b.test; Mon, 6 Jul 2026 12:00:05 +0200',
      'Received: by a.test; Mon, 6 Jul 2026 10:00:00 +0000',
    ),
  );
  expect(hops.map(({ by, delaySeconds }) => [by, delaySeconds])).toEqual([
    ['a.test', null],
    ['b.test', 5],
    ['b.test', null],
    // The clock of c.test is behind.
    ['c.test', -2],
  ]);
});

test.each([
  '',
  ';',
  '(',
  'from',
  'by ; ;;',
  'from (((( by x; Mon',
  'from a by b; Mon, 31 Feb 2026 10:00:00 +0000',
])('a field that says %j gives a hop without a date', (value) => {
  expect(one(value)).toMatchObject({ date: null, delaySeconds: null });
});

test('a date in a comment before it, or a semicolon in a comment, does no harm', () => {
  expect(one('from a (x; y) by b (1 Jan 2020 00:00:00 +0000); Mon, 6 Jul 2026 10:00:00 +0000')).toMatchObject(
    {
      by: 'b',
      date: '2026-07-06T10:00:00.000Z',
    },
  );
});
