// What headers say about SPF, DKIM, DMARC and ARC.
import { expect, test } from 'vitest';
import { readAuthentication } from '../../shared/explain/authentication.ts';
import { fieldsOf } from './fields.ts';

const brief = (...raws: string[]) =>
  readAuthentication(fieldsOf(...raws)).map(({ kind, result, domain }) => `${kind} ${result} ${domain}`);

test('the results of Gmail are read one by one', () => {
  const facts = readAuthentication(
    fieldsOf(
      `Authentication-Results: mx.google.com;\r\n       dkim=pass header.i=@example.test header.s=s1 header.b="AbC;d";\r\n       spf=softfail (google.com: domain of transitioning ann@mail.test does not designate 192.0.2.7 as permitted sender) smtp.mailfrom=ann@mail.test;\r\n       dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=example.test`,
    ),
  );
  expect(facts.map(({ kind, result, domain }) => [kind, result, domain])).toEqual([
    ['dkim', 'pass', 'example.test'],
    ['spf', 'softfail', 'mail.test'],
    ['dmarc', 'fail', 'example.test'],
  ]);
  expect(facts[0]!.sentence).toBe(
    'mx.google.com says: DKIM signature for example.test passed. Mailscope did not verify it.',
  );
  expect(facts[0]!.details).toContainEqual({
    name: 'header.b',
    value: 'AbC;d',
    meaning: 'The start of the signature, to tell signatures apart.',
  });
});

test('Microsoft leaves its host name out', () => {
  expect(
    brief(
      'Authentication-Results: spf=pass (sender IP is 192.0.2.7)\r\n smtp.mailfrom=example.test; dkim=none (message not signed)\r\n header.d=none;dmarc=bestguesspass action=none header.from=example.test;compauth=pass reason=109',
    ),
  ).toEqual([
    'spf pass example.test',
    'dkim none null',
    'dmarc bestguesspass example.test',
    'compauth pass null',
  ]);
});

test('versions, blanks around the equals sign and no result are legal', () => {
  expect(brief('Authentication-Results: mx.test 1; dkim/1 = pass header.d = example.test')).toEqual([
    'dkim pass example.test',
  ]);
  const [none] = readAuthentication(fieldsOf('Authentication-Results: mx.test; none'));
  expect(none).toMatchObject({ result: 'none', sentence: 'mx.test says that it checked nothing.' });
});

test('a DKIM signature is explained tag by tag, and called unverified', () => {
  const [fact] = readAuthentication(
    fieldsOf(
      'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=Example.test; s=s1;\r\n t=1783332000; x=1783936800; l=120; h=From : To:Subject;\r\n bh=abc\r\n def=; b=xyz',
    ),
  );
  expect(fact).toMatchObject({ kind: 'dkim-signature', result: null, domain: 'example.test' });
  expect(fact!.sentence).toBe(
    'example.test signs 3 fields and the body. The key is at s1._domainkey.example.test. Only a part of the body is signed. Mailscope did not verify it.',
  );
  const value = (name: string) => fact!.details.find((detail) => detail.name === name);
  expect(value('bh')!.value).toBe('abcdef=');
  expect(value('t')!.meaning).toBe('When it was signed. Here: 2026-07-06T10:00:00.000Z.');
  expect(value('l')!.meaning).toContain('can be added by anybody');
});

test('a signature that can not be good is told', () => {
  const sentence = (value: string) => readAuthentication(fieldsOf(`DKIM-Signature: ${value}`))[0]!.sentence;
  expect(sentence('a=rsa-sha1; d=x.test; s=s; h=to; t=20; x=10')).toMatch(
    /From is not signed.*SHA-1 is no longer accepted.*expires before it was made/,
  );
  expect(sentence('v=1; a=ed25519-sha256; d=x.test; s=s; h=from:to')).not.toMatch(/not signed|SHA-1|expires/);
});

test('the ARC fields of one set are told apart from the results of the own host', () => {
  expect(
    brief(
      'ARC-Seal: i=1; a=rsa-sha256; t=1783332000; cv=none; d=google.com; s=arc; b=x',
      'ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=google.com; s=arc; h=from; bh=x; b=x',
      'ARC-Authentication-Results: i=1; mx.google.com; spf=pass smtp.mailfrom=a@x.test; dmarc=pass header.from=x.test',
    ),
  ).toEqual([
    'arc-seal none google.com',
    'arc-message-signature null google.com',
    'arc-spf pass x.test',
    'arc-dmarc pass x.test',
  ]);
});

test('Received-SPF is read', () => {
  const [fact] = readAuthentication(
    fieldsOf(
      'Received-SPF: Pass (mx.test: domain of ann@x.test designates 192.0.2.7 as permitted sender) receiver=mx.test; client-ip=192.0.2.7; envelope-from="ann@x.test"; helo=h.test;',
    ),
  );
  expect(fact).toMatchObject({ kind: 'spf', result: 'pass', domain: 'x.test' });
  expect(fact!.sentence).toBe('mx.test says: SPF for x.test passed. Mailscope did not verify it.');
});

test.each([
  'Authentication-Results:',
  'Authentication-Results: ;;;=;',
  'Authentication-Results: mx.test; (((',
  'Authentication-Results: mx.test; constructor=__proto__ header.d=toString',
  'ARC-Authentication-Results: i=; ',
  'DKIM-Signature: ;=;==',
  'ARC-Seal: i=999999999999; t=99999999999999999',
  'Received-SPF: (',
])('%s is survived', (raw) => {
  for (const { sentence } of readAuthentication(fieldsOf(raw))) expect(sentence).toMatch(/^\S.*\.$/);
});
