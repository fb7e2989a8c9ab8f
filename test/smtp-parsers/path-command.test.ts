import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findControlCharacter, parsePathCommand } from '../../server/smtp/path-command.ts';
import { cpuNow } from '../support/cpu-time.ts';

const parse = (line: string | Buffer) => {
  const bytes = Buffer.from(line as string);
  const command = /^rcpt/i.test(bytes.toString('latin1')) ? 'RCPT' : 'MAIL';
  return parsePathCommand(command, bytes);
};

describe('an address is read as it was sent', () => {
  test.each([
    ['MAIL FROM:<ann@example.org>', 'ann@example.org'],
    ['mail from:<Ann@Example.ORG>', 'Ann@Example.ORG'],
    ['mail FROM:<ann@example.org> size=120', 'ann@example.org'], // Python's smtplib
    ['MAIL FROM:<>', ''],
    ['MAIL FROM:<> ENVID=x', ''],
    ['MAIL FROM:<ann@example.org>  ', 'ann@example.org'],
    ['RCPT TO:<postmaster>', 'postmaster'],
    ['rcpt to:<PostMaster>', 'PostMaster'],
    ['RCPT TO:<"ann lee"@example.org>', '"ann lee"@example.org'],
    ['RCPT TO:<"a>b<c"@example.org> NOTIFY=NEVER', '"a>b<c"@example.org'],
    ['RCPT TO:<"a\\"b@c"@example.org>', '"a\\"b@c"@example.org'],
    ['RCPT TO:<ann@[192.0.2.1]>', 'ann@[192.0.2.1]'],
    ['RCPT TO:<ann@[IPv6:2001:db8::1]>', 'ann@[IPv6:2001:db8::1]'],
    ['RCPT TO:<jürgen@bücher.example>', 'jürgen@bücher.example'],
    ["RCPT TO:<o'neil+tag=x@example.org>", "o'neil+tag=x@example.org"],
  ])('%s', (line, address) => {
    expect(parse(line)).toMatchObject({ address, problem: null, remark: null });
  });
});

describe('what is not RFC 5321 but clear is accepted with a remark', () => {
  test.each([
    ['MAIL FROM: <ann@example.org>', 'ann@example.org', 'blank behind the colon'],
    ['MAIL FROM :<ann@example.org>', 'ann@example.org', 'blank before the colon'],
    ['MAIL  FROM:<ann@example.org>', 'ann@example.org', 'more than one blank behind MAIL'],
    ['MAIL FROM:ann@example.org SIZE=9', 'ann@example.org', 'not in angle brackets'],
    ['RCPT TO:"ann lee"@example.org', '"ann lee"@example.org', 'not in angle brackets'],
    ['RCPT TO:< ann@example.org >', 'ann@example.org', 'blanks at the edge'],
    [
      'RCPT TO:<@a.example,@b.example:ann@example.org>',
      'ann@example.org',
      'source route "@a.example,@b.example:"',
    ],
    ['RCPT TO:<root>', 'root', 'no domain'],
    ['MAIL FROM:<postmaster>', 'postmaster', 'no domain'],
    ['RCPT TO:<a..b@example.org>', 'a..b@example.org', 'consecutive dots'],
    ['RCPT TO:<.a.@example.org>', '.a.@example.org', 'begins or ends with a dot'],
    ['RCPT TO:<a b@example.org>', 'a b@example.org', 'in quotes only'],
    ['RCPT TO:<"a"b@example.org>', '"a"b@example.org', 'in quotes only'],
    ['RCPT TO:<"a@example.org>', '"a@example.org', 'in quotes only'],
    ['RCPT TO:<a@b@example.org>', 'a@b@example.org', 'more than one @'],
    ['RCPT TO:<a@my_host.example>', 'a@my_host.example', 'underscore'],
    ['RCPT TO:<a@example..org>', 'a@example..org', 'empty label'],
    ['RCPT TO:<a@-x.example>', 'a@-x.example', 'hyphen'],
    ['RCPT TO:<a@[300.1.1.1]>', 'a@[300.1.1.1]', 'address literal'],
    ['RCPT TO:<a@[2001:db8::1]>', 'a@[2001:db8::1]', 'address literal'],
    ['RCPT TO:<a\u200bb@example.org>', 'a\u200bb@example.org', 'invisible'],
    [`RCPT TO:<${'a'.repeat(65)}@example.org>`, `${'a'.repeat(65)}@example.org`, 'over 64 bytes'],
    ['RCPT TO:<ann@example.org>NOTIFY=NEVER', 'ann@example.org', 'no blank behind the path'],
    ['MAIL FROM:<ann@example.org> FOO=', 'ann@example.org', 'no value'],
    ['MAIL FROM:<ann@example.org> ENVID=a+b', 'ann@example.org', 'ENVID is no xtext: "+b"'],
    ['MAIL FROM:<ann@example.org> AUTH=a+2Bb=c@d', 'ann@example.org', 'AUTH is no xtext: "="'],
    ['RCPT TO:<ann@example.org> ORCPT=rfc822;a+b@c', 'ann@example.org', 'ORCPT is no xtext: "+b@"'],
  ])('%s', (line, address, remark) => {
    const found = parse(line);
    expect(found).toMatchObject({ address, problem: null });
    expect(found.remark).toContain(remark);
  });
});

describe('what has no one meaning is refused with the reason', () => {
  test.each([
    ['MAIL', '5.5.2', 'Syntax: MAIL FROM:<address>'],
    ['MAIL FROM <a@example.org>', '5.5.2', 'Syntax'],
    ['RCPT FROM:<a@example.org>', '5.5.2', 'Syntax: RCPT TO:<address>'],
    ['MAIL FROM:', '5.1.7', 'no address'],
    ['MAIL FROM: SIZE=10', '5.1.7', 'no address'],
    ['RCPT TO:<>', '5.1.3', 'no address'],
    ['RCPT TO:<@a.example:>', '5.1.3', 'no address'],
    ['RCPT TO:<@example.org>', '5.1.3', 'nothing before'],
    ['RCPT TO:<ann@>', '5.1.3', 'no domain behind'],
    ['RCPT TO:<a@example.org,b@example.org>', '5.1.3', 'not a list'],
    ['RCPT TO:<a@example.org>,<b@example.org>', '5.1.3', 'More than one "<"'],
    ['RCPT TO:<a@example.org> <b@example.org>', '5.1.3', 'More than one "<"'],
    ['MAIL FROM:Ann <a@example.org>', '5.1.7', 'More than one "<"'],
    ['MAIL FROM:"Ann Lee" <a@example.org>', '5.1.7', 'More than one "<"'],
    ['MAIL FROM:<Ann <a@example.org>>', '5.1.7', 'More than one "<"'],
    ['MAIL FROM:<<a@example.org>>', '5.1.7', 'More than one "<"'],
    ['MAIL FROM:<a@example.org>>', '5.1.7', 'too many'],
    ['MAIL FROM:<a@example.org', '5.1.7', 'no closing'],
    ['MAIL FROM:a@example.org>', '5.1.7', 'no opening'],
    [`RCPT TO:<${'a'.repeat(1000)}@example.org>`, '5.1.3', 'over 1000 bytes'],
    ['MAIL FROM:<a@example.org> SIZE=1 size=2', '5.5.4', 'SIZE is given twice'],
    ['MAIL FROM:<a@example.org> =1', '5.5.4', 'Parameter 1 is not'],
    ['MAIL FROM:<a@example.org> SIZE=1 what?', '5.5.4', 'Parameter 2 is not'],
    [`MAIL FROM:<a@example.org>${' X'.repeat(101)}`, '5.5.4', 'More than 100'],
    ['MAIL FROM:<a@example.org> ENVID=a+0D+0A', '5.5.4', 'encoded control character +0D+0A'],
    ['MAIL FROM:<a@example.org> ENVID=a+0d', '5.5.4', 'encoded control'],
    ['MAIL FROM:<a@example.org> AUTH=a+C2+85b', '5.5.4', 'encoded control'],
    ['RCPT TO:<a@example.org> ORCPT=utf-8;a\\x{0D}b', '5.5.4', 'encoded control'],
  ])('%s', (line, enhanced, text) => {
    const found = parse(line);
    expect(found.problem).toMatchObject({ code: 501, enhanced });
    expect(found.problem?.text).toContain(text);
    expect(found.forward).toBe('');
  });

  const controls = [...Array(32).keys(), ...Array.from({ length: 33 }, (_, i) => 0x7f + i), 0x2028, 0x2029];
  test('each control character is refused wherever it stands, and named with its position', () => {
    for (const code of controls) {
      for (const [before, after, enhanced] of [
        ['MAIL FROM:<a', 'b@example.org>', '5.1.7'],
        ['RCPT TO:<é', '@example.org>', '5.1.3'],
        ['RCPT TO:<a@example.org> X=', '', '5.1.3'],
      ] as const) {
        const { problem, address, params } = parse(before + String.fromCodePoint(code) + after);
        expect(problem, `U+${code.toString(16)}`).toMatchObject({ code: 501, enhanced });
        expect(problem?.text).toContain(`at position ${Buffer.byteLength(before) + 1} `);
        expect(JSON.stringify([address, params])).not.toContain(
          JSON.stringify(String.fromCodePoint(code)).slice(1, -1),
        );
      }
    }
  });

  test('an address in Latin-1 is refused with what to do', () => {
    const { problem } = parse(Buffer.from('RCPT TO:<caf\xe9@example.org>', 'latin1'));
    expect(problem?.text).toBe(
      'Byte 0xE9 at position 13 is not valid UTF-8; send addresses in UTF-8 with SMTPUTF8 (RFC 6531), or in ASCII',
    );
    const real = parse(Buffer.from('RCPT TO:<\xef\xbf\xbd\xff@x>', 'latin1'));
    expect(real.problem?.text).toContain('0xFF at position 13');
  });
});

test('parameters are kept exactly as sent', () => {
  const line = 'MAIL FROM:<a@example.org> size=10  BODY=8BITMIME SMTPUTF8 AUTH=<> ENVID=a+2Bb=c X-y=';
  expect(parse(line).params).toEqual([
    { name: 'size', value: '10' },
    { name: 'BODY', value: '8BITMIME' },
    { name: 'SMTPUTF8', value: null },
    { name: 'AUTH', value: '<>' },
    { name: 'ENVID', value: 'a+2Bb=c' },
    { name: 'X-y', value: '' },
  ]);
});

test.each(['ENVID=a+2Bb+2b', 'AUTH=<>', 'AUTH=a+3Db@c', 'X=a+b=c', 'ENVID=ü'])(
  '%s has no remark',
  (parameter) => {
    expect(parse(`MAIL FROM:<a@example.org> ${parameter}`).remark).toBeNull();
  },
);

test('a path beyond ASCII is told', () => {
  expect(parse('RCPT TO:<é@example.org>').utf8).toBe(true);
  expect(parse('RCPT TO:<a@bücher.example>').utf8).toBe(true);
  expect(parse('RCPT TO:<a@xn--bcher-kva.example>').utf8).toBe(false);
});

test('a control character is found in any command', () => {
  expect(findControlCharacter(Buffer.from('EHLO a\rb'))).toEqual({ position: 7, name: 'CR (0x0D)' });
  expect(findControlCharacter(Buffer.from('NOOP \x7f'))).toEqual({ position: 6, name: 'DEL (0x7F)' });
  expect(findControlCharacter(Buffer.from('NOOP é\u0085'))).toEqual({ position: 8, name: 'U+0085' });
  expect(findControlCharacter(Buffer.from('NOOP é€ÀÂ'))).toBeNull();
  expect(findControlCharacter(Buffer.from([0xc2]))).toBeNull();
});

describe('hostile input', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '"',
        '\\',
        '@',
        ' ',
        ':',
        '=',
        ',',
        '+0D',
        '\r',
        'é',
        '\u2028',
        'SIZE',
        '[',
        ']',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 40 },
  );
  test('whatever comes, the answer is a reply or a line for the engine without control characters', () => {
    fc.assert(
      fc.property(fc.constantFrom('MAIL FROM:', 'RCPT TO:', 'MAIL FROM:<', ''), pieces, (start, rest) => {
        const found = parse(start + rest.join(''));
        expect(found.problem === null).toBe(found.forward !== '');
        expect(found.forward).not.toMatch(/[\x00-\x1f\x7f]/);
        expect(found.problem?.text ?? '').toMatch(/^[\x20-\x7e]*$/);
        expect(Buffer.byteLength(found.address)).toBeLessThanOrEqual(1003);
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const line = Buffer.concat([Buffer.from('RCPT TO:'), bytes]);
        expect(parsePathCommand('RCPT', line).problem?.code ?? 501).toBe(501);
      }),
    );
  });

  test.each(['"', '\\', '"\\', '@', '@a,', '<', ' ', '.', '+0D', '=', '\\x{', '\u2028', ' X', '@a:'])(
    'a long line of %j takes no more time than its length',
    (piece) => {
      const line = Buffer.from(`RCPT TO:<${piece.repeat(100_000)}>`);
      const start = cpuNow();
      parsePathCommand('RCPT', line);
      parsePathCommand('RCPT', Buffer.concat([Buffer.from('RCPT TO:<a@b.c> ORCPT='), line.subarray(9)]));
      expect(cpuNow() - start).toBeLessThan(1000);
    },
  );
});
