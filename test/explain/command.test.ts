// The explanation of commands, their parameters, and what EHLO offers.
import { describe, expect, test } from 'vitest';
import { explainCommand } from '../../shared/explain/command.ts';
import { ehloKeywords, explainKeyword } from '../../shared/explain/ehlo-keyword.ts';
import { mailParameters, rcptParameters } from '../../shared/explain/esmtp-parameters.ts';
import { saslMechanisms } from '../../shared/explain/sasl-mechanisms.ts';
import { verbs } from '../../shared/explain/verbs.ts';

const parameters = (line: string): string[] =>
  explainCommand(line)!.parameters.map(({ name, value, meaning }) => `${name}|${value}|${meaning}`);

test('all tables have whole sentences and a reference in every row', () => {
  const rows = [
    ...Object.values(verbs),
    ...Object.values(ehloKeywords),
    ...[...Object.values(mailParameters), ...Object.values(rcptParameters)].map(
      ({ meaning, reference }) => [meaning, reference] as const,
    ),
  ];
  for (const [meaning, reference] of rows) {
    expect(meaning).toMatch(/^[A-Z].{8,}\.$/);
    expect(reference).toMatch(/^(RFC \d+|Postfix|Microsoft|sendmail)/);
  }
  for (const [meaning, reference] of Object.values(saslMechanisms))
    expect(meaning.length * reference.length).toBeGreaterThan(0);
});

test.each([
  ...['HELO', 'EHLO', 'LHLO', 'MAIL', 'RCPT', 'DATA', 'BDAT', 'RSET', 'NOOP', 'QUIT', 'VRFY', 'EXPN', 'HELP'],
  ...['STARTTLS', 'AUTH', 'ETRN', 'ATRN', 'BURL', 'TURN', 'SEND', 'SOML', 'SAML', 'XCLIENT', 'XFORWARD'],
])('%s is explained, in upper and lower case', (verb) => {
  expect(explainCommand(verb)).toMatchObject({ verb, parameters: [] });
  expect(explainCommand(verb.toLowerCase() + '\r\n')?.verb).toBe(verb);
});

describe('MAIL', () => {
  test('each parameter is told with its value', () => {
    expect(
      parameters('MAIL FROM:<a@x.test> SIZE=1234567 BODY=8BITMIME RET=HDRS ENVID=a+2Bb AUTH=<> SMTPUTF8'),
    ).toEqual([
      'FROM|<a@x.test>|Where bounces go. It need not be the From: of the message.',
      expect.stringMatching(/^SIZE\|1234567\|.* Here: 1,234,567 bytes\.$/),
      expect.stringMatching(/^BODY\|8BITMIME\|.* Here: bytes above 127, in lines\.$/),
      expect.stringMatching(/^RET\|HDRS\|.* Here: its header only\.$/),
      expect.stringMatching(/^ENVID\|a\+2Bb\|.* Here: a\+b\.$/),
      expect.stringMatching(/^AUTH\|<>\|.* Here: not known or not told\.$/),
      expect.stringMatching(/^SMTPUTF8\|null\|/),
    ]);
  });

  test('xtext is decoded once: a percent sign in it stands for itself', () => {
    const told = (envid: string): string | undefined => parameters(`MAIL FROM:<a@x.test> ENVID=${envid}`)[1];
    expect(told('a%41+2Bb')).toMatch(/Here: a%41\+b\.$/);
    expect(told('100%+20')).toMatch(/Here: 100% \.$/);
  });

  test('the null sender is explained', () => {
    expect(parameters('MAIL FROM:<>')[0]).toContain('The null sender: nobody gets a bounce.');
  });

  test('odd spelling of real clients is understood', () => {
    expect(parameters('mail FROM:<a@x.test> size=17')[1]).toMatch(/^size\|17\|.*17 bytes/);
    expect(parameters('MAIL FROM: <a@x.test>')[0]).toMatch(/^FROM\|<a@x\.test>/);
    expect(parameters('MAIL FROM:a@x.test SIZE=1')).toEqual([
      expect.stringContaining('The angle brackets are missing'),
      expect.stringMatching(/1 byte\.$/),
    ]);
    expect(parameters('MAIL FROM:<"a> b"@x.test> SIZE=2')[0]).toMatch(/^FROM\|<"a> b"@x\.test>/);
    expect(parameters('MAIL a@x.test')[0]).toContain('Not of the form FROM:<address>.');
  });

  test('what is wrong with a parameter is said', () => {
    expect(parameters('MAIL FROM:<a@x> SIZE=big RET=ALL SIZE FOO=1 SMTPUTF8=1').slice(1)).toEqual([
      expect.stringMatching(/This value is not allowed\.$/),
      expect.stringMatching(/This value is not allowed\.$/),
      expect.stringMatching(/It lacks its value\.$/),
      'FOO|1|Not a known parameter of MAIL.',
      expect.stringMatching(/It takes no value\.$/),
    ]);
    // A parameter of RCPT in MAIL is none.
    expect(parameters('MAIL FROM:<a@x> NOTIFY=NEVER')[1]).toContain('Not a known parameter of MAIL.');
  });
});

test('RCPT: NOTIFY and ORCPT are read', () => {
  expect(parameters('RCPT TO:<b@y.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;b+2Bc@y.test')).toEqual([
    'TO|<b@y.test>|One recipient of the message.',
    expect.stringMatching(/Here: when delivered, when it failed for good\.$/),
    expect.stringMatching(/Here: b\+c@y\.test\.$/),
  ]);
});

test('EHLO tells a name that servers refuse from one that they take', () => {
  expect(parameters('EHLO mx.example.test')[0]).toBe('name|mx.example.test|What the client calls itself.');
  expect(parameters('EHLO localhost')[0]).toContain('no full host name');
  expect(parameters('EHLO [127.0.0.1]')[0]).toContain('no host name and gives its IP address');
});

test('AUTH, BDAT and the rest', () => {
  expect(parameters('AUTH PLAIN ****')).toHaveLength(2);
  expect(parameters('AUTH LOGIN')[0]).toContain('in clear but for TLS');
  expect(parameters('AUTH FOO =')).toEqual([
    'mechanism|FOO|Not a known mechanism.',
    expect.stringContaining('empty'),
  ]);
  expect(parameters('BDAT 1000 LAST')).toEqual([
    'size|1000|1,000 bytes follow at once.',
    'LAST|null|This is the last chunk of the message.',
  ]);
  expect(parameters('XCLIENT ADDR=192.0.2.1 NAME=[UNAVAILABLE]')).toHaveLength(2);
  expect(parameters('DATA now')[0]).toContain('DATA takes no argument');
});

test.each([
  '',
  ' ',
  'GET / HTTP/1.1',
  'EHLOX',
  'constructor',
  'toString',
  '250 Ok',
  'MAILFROM:<a>',
  '\0EHLO x',
])('%j is no command', (line) => {
  expect(explainCommand(line)).toBeNull();
});

describe('the answer to EHLO', () => {
  test('SIZE, AUTH and LIMITS are read', () => {
    expect(explainKeyword('SIZE', '52428800')!.parameters[0]!.meaning).toBe('At most 52,428,800 bytes.');
    expect(explainKeyword('SIZE', '0')!.parameters[0]!.meaning).toBe('No fixed limit.');
    expect(explainKeyword('size', '')).toMatchObject({ keyword: 'SIZE', parameters: [] });
    const auth = explainKeyword('AUTH', 'PLAIN LOGIN CRAM-MD5 XOAUTH2')!;
    expect(auth.parameters.map(({ name }) => name)).toEqual(['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2']);
    expect(auth.meaning).toContain('CRAM-MD5 should no longer be used.');
    expect(explainKeyword('LIMITS', 'RCPTMAX=100')!.parameters[0]!.meaning).toContain(
      'recipients in one transaction',
    );
  });

  test('the old form AUTH=LOGIN is understood', () => {
    expect(explainKeyword('AUTH=LOGIN', 'PLAIN')).toMatchObject({
      keyword: 'AUTH',
      parameters: [{ name: 'LOGIN' }, { name: 'PLAIN' }],
    });
  });

  test('a firewall that overwrites STARTTLS is recognised', () => {
    expect(explainKeyword('XXXXXXXA', '')!.meaning).toContain('firewall');
    expect(explainKeyword('XXX', '')).toBeNull();
    expect(explainKeyword('__proto__', '')).toBeNull();
  });
});
