// Mail as the world sends it, made up from a seed, with what it means: old programs, broken ones, and those that know
// the standards better than most.
import { createHash } from 'node:crypto';
import type { Random } from '../search/random.ts';
import { charsetSamples } from './odd-charsets.ts';

export interface OddMail {
  raw: Buffer;
  subject: string;
  from: { name: string; address: string };
  files: { filename: string; sha256: string }[];
  /** Of the first text. */
  text: string;
}

const crlf = '\r\n';
/** Bytes are written as the characters of ISO-8859-1. */
const latin1 = (hex: string): string => Buffer.from(hex, 'hex').toString('latin1');
const base64 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('base64');
const hexPairs = (bytes: string, sign: string): string =>
  [...bytes].map((c) => sign + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')).join('');
const wrap = (text: string, length: number, end = crlf): string =>
  (text.match(new RegExp(`.{1,${length}}`, 'gs')) ?? []).join(end);
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

interface Said {
  written: string;
  text: string;
}

/** A text for a header: encoded words of either kind, cut in two, raw UTF-8, or plain. */
function headerText(random: Random): Said {
  const [charset, hex, text] = random.pick(charsetSamples);
  const bytes = latin1(hex);
  const label = random.pick([charset, charset.toUpperCase(), `${charset}*en`]);
  const word = (part: string, kind: string): string =>
    `=?${label}?${kind}?${/b/i.test(kind) ? base64(part) : hexPairs(part, '=')}?=`;
  const kind = random.pick(['B', 'b', 'Q', 'q']);
  const isWhole = /2022|hz|utf-7/.test(charset);
  switch (random.below(7)) {
    case 0:
      return {
        written: 'A plain subject: with (parentheses), "quotes" and more',
        text: 'A plain subject: with (parentheses), "quotes" and more',
      };
    case 1:
      return { written: utf8(`Grüße, ${text}`), text: `Grüße, ${text}` };
    case 2: {
      // Cut wherever it happens to be, in the middle of a character too.
      const at = isWhole ? bytes.length : 1 + random.below(bytes.length - 1);
      const rest = bytes.slice(at);
      return { written: word(bytes.slice(0, at), kind) + (rest ? `${crlf}\t${word(rest, kind)}` : ''), text };
    }
    case 3:
      return { written: `Re: ${word(bytes, kind)} end`, text: `Re: ${text} end` };
    case 4:
      return {
        written: `[list]${crlf} ${word(bytes, kind)}${crlf} ${word(bytes, kind)}`,
        text: `[list] ${text}${text}`,
      };
    case 5:
      return { written: `=?us-ascii?Q?really?_yes?= ${word(bytes, kind)}`, text: `really? yes${text}` };
    default:
      return { written: word(bytes, kind), text };
  }
}

function sender(random: Random): { written: string; name: string; address: string } {
  const address = random.pick(['ann@example.com', 'a.b+tag@sub.example.org', 'o_o@xn--mnchen-3ya.example']);
  const [charset, hex, text] = random.pick(charsetSamples);
  const word = `=?${charset}?B?${base64(latin1(hex))}?=`;
  return random.pick(
    [
      { written: address, name: '' },
      { written: `<${address}>`, name: '' },
      { written: `${address} (Ann (of X) Lee)`, name: 'Ann (of X) Lee' },
      { written: `"Lee, Ann" <${address}>`, name: 'Lee, Ann' },
      { written: `"Ann \\"A\\" Lee" <${address}>`, name: 'Ann "A" Lee' },
      { written: `${word} <${address}>`, name: text },
      { written: `"${word}" <${address}>`, name: text },
      { written: `Ann Lee${crlf} <${address}>`, name: 'Ann Lee' },
      { written: `Ann <@relay.example,@b.example:${address}>`, name: 'Ann' },
      { written: `${utf8('Jörg')} <${address}>`, name: 'Jörg' },
      { written: `Ann.Lee <${address}>`, name: 'Ann.Lee' },
    ].map((one) => ({ ...one, address })),
  );
}

/** A file name as parameters, by the standard and as it is done. */
function fileName(random: Random): { parameters: (name: string) => string; text: string } {
  const [charset, hex, text] = random.pick(charsetSamples);
  const bytes = latin1(hex);
  const full = `${text.replaceAll('"', '')}.dat`;
  return random.pick([
    { parameters: (name: string) => `${name}=a.dat`, text: 'a.dat' },
    { parameters: (name: string) => `${name}="a b; c.dat"`, text: 'a b; c.dat' },
    { parameters: (name: string) => `${name}=report(2).dat`, text: 'report(2).dat' },
    {
      parameters: (name: string) => `${name}="=?${charset}?B?${base64(`${bytes}.dat`)}?="`,
      text: `${text}.dat`,
    },
    {
      parameters: (name: string) => `${name}*=${charset}''${hexPairs(`${bytes}.dat`, '%')}`,
      text: `${text}.dat`,
    },
    { parameters: (name: string) => `${name}="${utf8(full)}"`, text: full },
    {
      parameters: (name: string) =>
        `${name}*0*=utf-8'en'Gr%C3;${crlf}\t${name}*1*=%BC%C3%9F;${crlf} ${name}*2="e.dat"`,
      text: 'Grüße.dat',
    },
    { parameters: (name: string) => `${name}*1=rest.dat;${crlf} ${name}*0="the "`, text: 'the rest.dat' },
  ]);
}

function fileBody(random: Random): { encoding: string; body: string; content: string } {
  const content = Array.from({ length: 1 + random.below(400) }, () =>
    String.fromCharCode(random.below(256)),
  ).join('');
  const line = random.pick([57, 76, 60, 998]);
  const plain = { encoding: 'base64', content };
  const text = content.replace(/[^ -~]/g, '.');
  switch (random.below(6)) {
    case 0:
      return { ...plain, encoding: 'BASE64', body: wrap(base64(content), line) };
    case 1:
      return { ...plain, encoding: 'base64 (of bytes)', body: wrap(base64(content), line, ` ${crlf}`) };
    case 2:
      return { ...plain, body: `${wrap(base64(content), line)}${crlf}${crlf}` };
    case 3:
      return { encoding: 'quoted-printable', content, body: wrap(hexPairs(content, '='), 72, `=${crlf}`) };
    case 4:
      return { encoding: '8bit', content: text, body: text };
    default:
      return { ...plain, body: wrap(base64(content), line) };
  }
}

interface Built {
  lines: string;
  files: OddMail['files'];
}

function attachment(random: Random): Built {
  const { parameters, text } = fileName(random);
  const { encoding, body, content } = fileBody(random);
  const type = random.pick([
    'application/octet-stream',
    'Image/GIF',
    'application/ms-tnef',
    'application/pdf',
  ]);
  const isNamedByType = random.chance(0.3);
  const lines = [
    `Content-Type: ${type}${isNamedByType ? `; ${parameters('name')}` : ''}`,
    `Content-Transfer-Encoding: ${encoding}`,
    `Content-Disposition: ${random.pick(['attachment', 'ATTACHMENT', 'inline'])}${isNamedByType ? '' : `;${crlf} ${parameters('filename')}`}`,
    '',
    body,
  ].join(crlf);
  const sha256 = createHash('sha256').update(content, 'latin1').digest('hex');
  return { lines, files: [{ filename: text, sha256 }] };
}

const embedded = (): Built => ({
  lines: `Content-Type: message/rfc822${crlf}${crlf}Subject: inside${crlf}${crlf}the message within`,
  files: [],
});

/** Each level has a boundary that begins like that around it. */
function multipart(random: Random, depth: number, first: Built): Built {
  const boundary = `=_part${'_x'.repeat(depth)}`;
  const parts = [first];
  for (let n = random.below(3); n >= 0; n--)
    parts.push(
      depth < 3 && random.chance(0.25)
        ? multipart(random, depth + 1, attachment(random))
        : random.chance(0.15)
          ? embedded()
          : attachment(random),
    );
  // Where the outermost is not closed, the line ending before the end is content.
  const isClosed = depth > 0 || random.chance(0.8);
  const tail = random.chance(0.3) ? `--${boundary}-- \t` : `--${boundary}--`;
  return {
    lines: [
      `Content-Type: multipart/${random.pick(['mixed', 'Mixed', 'related', 'x-odd'])};${crlf}\tboundary="${boundary}"`,
      '',
      random.pick(['', 'This is a multi-part message in MIME format.', `--${boundary}x`]),
      ...parts.flatMap(({ lines }) => [`--${boundary}`, lines]),
      ...(isClosed
        ? [tail, random.pick(['', 'epilogue'])]
        : [`--${boundary}`, 'Content-Type: text/x-last', '', 'cut off']),
    ].join(crlf),
    files: parts.flatMap(({ files }) => files),
  };
}

function textPart(random: Random): Built & { text: string } {
  const [charset, hex, text] = random.pick(charsetSamples);
  const bytes = latin1(hex);
  const label = random.pick([charset, `"${charset.toUpperCase()}"`]);
  const [encoding, body] = random.pick([
    ['base64', base64(bytes)],
    ['Quoted-Printable', hexPairs(bytes, '=')],
    ['8bit', bytes],
  ] as const);
  return {
    lines: [
      `Content-Type: text/plain; charset=${label}`,
      `Content-Transfer-Encoding: ${encoding}`,
      '',
      body,
    ].join(crlf),
    files: [],
    text,
  };
}

export function makeOddMail(random: Random): OddMail {
  const subject = headerText(random);
  const from = sender(random);
  const text = textPart(random);
  const body = random.chance(0.7) ? multipart(random, 0, text) : text;
  const field = (name: string, value: string): string =>
    `${random.pick([name, name.toUpperCase()])}:${random.pick([' ', '', '\t'])}${value}`;
  const lines = [
    ...(random.chance(0.1) ? ['From ann@example.com  Mon Jan  2 15:04:05 2006'] : []),
    field('Received', `from a by b;${crlf}\tMon, 2 Jan 2006 15:04:05 +0000`),
    field('From', from.written),
    field(
      'To',
      random.pick([
        'undisclosed-recipients:;',
        'team: bob@example.org, "C, D" <cd@example.org>;',
        'bob@example.org (Bob), <eve@example.net>',
      ]),
    ),
    field('Subject', subject.written),
    field(
      'Date',
      random.pick([
        'Mon, 02 Jan 2006 15:04:05 -0700',
        '2 Jan 06 15:04 PST',
        'Mon, 2 Jan 2006 15:04:05 +0000 (UTC)',
        'Mon Jan  2 15:04:05 2006',
      ]),
    ),
    ...(random.chance(0.2) ? ['a line of the header that is no field', 'X-After: it'] : []),
    'MIME-Version: 1.0 (odd)',
    body.lines,
  ];
  const raw = Buffer.from(`${lines.join(crlf)}${crlf}`, 'latin1');
  return {
    raw,
    subject: subject.text,
    from: { name: from.name, address: from.address },
    files: body.files,
    text: text.text,
  };
}
