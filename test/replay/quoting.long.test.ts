// Nothing that a client sent is run, and every value arrives as it was.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pythonBytes, pythonText } from '../../shared/replay/python-literal.ts';
import { shellQuote, toArgument } from '../../shared/replay/shell-quote.ts';
import { toCurl } from '../../shared/replay/to-curl.ts';
import { toScript } from '../../shared/replay/to-script.ts';
import { toSwaks } from '../../shared/replay/to-swaks.ts';
import type { Session } from '../../shared/session.ts';
import { lineOf, sessionOf } from '../support/records.ts';
import { findTool, needs } from '../support/tools.ts';
import { runPython, runShell } from './replayed.ts';
import { runProgram } from '../clients/run-program.ts';

const hostile = fc.string({
  unit: fc.constantFrom(
    ...[
      'a',
      "'",
      '"',
      '\\',
      '$',
      '`',
      '$(touch /tmp/x)',
      '${HOME}',
      '!',
      '!!',
      '#',
      ';',
      '&',
      '|',
      '<',
      '>',
      '*',
      '?',
      '~',
    ],
    ...[
      '\r',
      '\n',
      '\t',
      '\0',
      '\x1b[201~',
      '\x7f',
      '\u0085',
      '\u202e',
      '\u2028',
      'é',
      '日本',
      '😀',
      '\ud800',
      '\udc00',
    ],
    ...[' ', '-', '--pipe=id', '@', ',', '=', '%41', "'''", '"""', '\\n', '{', '}', '[', ']', '(', ')'],
  ),
  maxLength: 8,
});

test.each(['sh', 'bash', 'dash', 'zsh'])('%s gives back every quoted value as it was', async (shell) => {
  if (findTool(shell) === null) return;
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { minLength: 20, maxLength: 60 }), async (values) => {
      const command = `printf '%s\\0' ${values.map(shellQuote).join(' ')}`;
      const { code, said } = await runProgram(shell, ['-c', command]);
      expect(code).toBe(0);
      expect(said.split('\0').slice(0, -1)).toEqual(values.map(toArgument));
    }),
    { numRuns: 15 },
  );
});

test('a quoted value holds nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(hostile, (value) => {
      expect(shellQuote(value)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]/);
    }),
  );
});

needs('python3').test('Python gives back every literal as it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(hostile, fc.uint8Array({ maxLength: 20 })), { minLength: 30 }),
      async (pairs) => {
        const lines = pairs.flatMap(([text, bytes]) => [
          `print(${pythonText(text)}.encode().hex())`,
          `print(${pythonBytes(bytes)}.hex())`,
        ]);
        const { code, said } = await runPython(lines.join('\n'));
        expect(code, said).toBe(0);
        const hex = (value: string | Uint8Array): string => Buffer.from(value as string).toString('hex');
        expect(said.split('\n').slice(0, -1)).toEqual(
          pairs.flatMap(([text, bytes]) => [hex(text.replace(/\p{Surrogate}/gu, '\ufffd')), hex(bytes)]),
        );
      },
    ),
    { numRuns: 5 },
  );
});

/** A session in which every text is hostile. */
const hostileSession = (values: string[]): Session => {
  let at = 0;
  const next = (): string => values[at++ % values.length]!;
  const address = () => ({
    address: next(),
    params: [{ name: next(), value: next() }],
    line: 1,
    reply: null,
  });
  return sessionOf('s_1', 1, {
    local: { address: next(), port: 25 },
    listener: next(),
    clientName: next(),
    ehlo: [{ line: 0, verb: 'EHLO', name: next(), secure: false, offered: [] }],
    auth: [
      {
        ...{
          mechanism: 'PLAIN',
          line: 2,
          secure: false,
          initialResponse: true,
          credential: null,
          ok: true,
          code: 235,
        },
        steps: [{ from: 'client', line: 2, atUs: 0, what: 'initial response', decoded: {}, problem: null }],
        ...{ user: next(), authorizationId: next(), secret: null, reason: next() },
      },
    ],
    transactions: [
      {
        ...{
          n: 1,
          firstLine: 3,
          lastLine: 4,
          recipientCount: 2,
          outcome: 'stored',
          reply: null,
          messageId: next(),
        },
        from: address(),
        recipients: [address(), address()],
        data: {
          ...{
            command: 'DATA',
            line: 4,
            size: 1,
            wireSize: 1,
            durationUs: 1,
            lines: 1,
            longestLine: 1,
            stuffedDots: 0,
          },
          ...{ bareLf: 0, bareCr: 0, nul: 0, eightBit: 0, chunks: [], smuggling: {} },
        },
      },
    ],
  });
};

// The programs are replaced by one that prints its words, so that nothing is sent anywhere.
const printed = (command: string): Promise<{ code: number | null; said: string }> =>
  runShell(
    // The one that fetches the message says nothing.
    `swaks() { printf '%s\\0' "$@"; }; curl() { [ "$1" = -fsS ] || printf '%s\\0' "$@"; }; ` +
      `perl() { cat > /dev/null; }; ${command}`,
  );

test('a session of hostile values becomes commands that only carry them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { minLength: 5, maxLength: 20 }), async (values) => {
      const session = hostileSession(values);
      const options = { messageUrl: (id: string) => `http://127.0.0.1/${id}` };
      const swaks = await printed(toSwaks(session, [], options).command);
      expect(swaks.code, swaks.said).toBe(0);
      const words = swaks.said.split('\0').slice(0, -1);
      const flags = words.filter((word) => word.startsWith('-') && word !== '-');
      const known = [
        'server',
        'port',
        'helo',
        'auth',
        'auth-user',
        'auth-password',
        'from',
        'to',
        'no-data-fixup',
        'data',
      ];
      expect(flags.filter((flag) => !known.includes(flag.slice(2)))).toEqual([]);
      expect(words.filter((word) => /[\r\n]/.test(word))).toEqual([]);
      const curl = await printed(toCurl(session, [], options).command);
      expect(curl.code, curl.said).toBe(0);
      const rcpt = curl.said.split('\0').filter((_, i, all) => all[i - 1] === '--mail-rcpt');
      const sent = session.transactions[0]!.recipients.map((one) => toArgument(one.address));
      expect(rcpt.every((word) => sent.includes(word))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

needs('python3').test('a session of hostile values becomes a program that Python can read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { minLength: 5, maxLength: 20 }), async (values) => {
      const text = values.join('');
      const lines = [
        lineOf(0, { from: 'server', kind: 'reply', text, code: 220 }),
        lineOf(1, { text }),
        lineOf(2, { text: `AUTH PLAIN ${'*'.repeat(12)}`, masked: true }),
        lineOf(3, { kind: 'data', eol: '', messageId: values[0]!, base64: btoa('.\r\n') }),
        lineOf(4, { kind: 'data', eol: '', messageId: values[1]! }),
      ];
      const script = toScript(hostileSession(values), lines, {
        messageUrl: (id) => `http://127.0.0.1/${id}`,
      });
      expect(script).toMatch(/^[\x20-\x7e\n]*$/);
      const { code, said } = await runPython(
        `import ast\nprint(len(ast.parse(${pythonText(script)}).body) > 5)`,
      );
      expect([code, said]).toEqual([0, 'True\n']);
    }),
    { numRuns: 10 },
  );
});
