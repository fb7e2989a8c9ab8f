import { describe, expect, test } from 'vitest';
import type { Link, Part } from '../../shared/message.ts';
import { isTelling } from '../../web/parts/message/attachment-kind.ts';
import { claimsOtherHost, cutAtLinks, listLinks } from '../../web/parts/message/link-rows.ts';
import { framePrintHeight } from '../../web/parts/message/print-height.ts';
import { findReport, readOriginal } from '../../web/parts/message/report-parts.ts';
import { countKinds } from '../../web/parts/message/remote-content.ts';
import { cutHits, spansOf } from '../../web/parts/message/source-lines.ts';
import { listParts, regionAt, regionsOf, type Region } from '../../web/parts/message/source-regions.ts';
import { crc32, fileNames, zipFile } from '../../web/parts/message/zip-file.ts';
import { SourceSearch } from '../../web/state/message-source-search.svelte.ts';
import { cpuNow } from '../support/cpu-time.ts';

const part = (given: Partial<Part>): Part => ({
  path: '1',
  contentType: 'text/plain',
  encoding: '7bit',
  charset: null,
  disposition: null,
  filename: null,
  contentId: null,
  headerOffset: 0,
  bodyOffset: 10,
  bodyLength: 20,
  size: 20,
  sha256: null,
  children: [],
  ...given,
});
const tree = part({
  path: '0',
  contentType: 'multipart/mixed',
  children: [
    part({ path: '1', headerOffset: 20, bodyOffset: 30, bodyLength: 10 }),
    part({ path: '2', headerOffset: 50, bodyOffset: 60, bodyLength: 10, encoding: 'BASE64' }),
  ],
});

describe('the source of a message', () => {
  test('is told apart by its MIME tree: headers, text, encoded bytes, and what lies between', () => {
    const regions = regionsOf(tree);
    const kinds = [0, 9, 15, 25, 35, 45, 55, 65, 99].map((at) => regionAt(regions, at)?.kind ?? 'between');
    expect(kinds).toEqual([
      ...['header', 'header', 'between', 'header', 'text', 'between', 'header', 'encoded', 'between'],
    ]);
    expect(regionAt([], 5)).toBeNull();
  });

  test('lists its parts in order, however deep they are', () => {
    expect(listParts(tree).map(({ part: { path }, depth }) => `${path}@${depth}`)).toEqual([
      '0@0',
      '1@1',
      '2@1',
    ]);
    let deep = part({});
    for (let n = 0; n < 20_000; n++) deep = part({ children: [deep] });
    expect(listParts(deep, 100)).toHaveLength(100);
  });

  const regionOf = (kind: Region['kind'], given: Partial<Part> = {}): Region => ({
    start: 0,
    end: 9999,
    kind,
    part: part(given),
  });
  const spans = (text: string, region: Region, above = ''): string[] =>
    spansOf(text, region, /^ /.test(text), () => above).map((span) => `${span.kind}:${span.text}`);

  test('marks the name of a field and the hits of a search, also across each other', () => {
    const subject = spansOf('Subject: a sub', regionOf('header'), false, () => '');
    expect(cutHits(subject, 'SUB').map(({ text, kind, isHit }) => [text, kind, isHit])).toEqual([
      ['Sub', 'name', true],
      ['ject:', 'name', false],
      [' a ', 'plain', false],
      ['sub', 'plain', true],
    ]);
    expect(cutHits(subject, 'ct: a').filter(({ isHit }) => isHit)).toEqual([
      { text: 'ct:', kind: 'name', isHit: true },
      { text: ' a', kind: 'plain', isHit: true },
    ]);
    expect(spans(' Folded: yes', regionOf('header'))).toEqual(['plain: Folded: yes']);
    expect(spans('Not: a field', regionOf('text'))).toEqual(['plain:Not: a field']);
  });

  test('colours the tags of HTML, also where they go over lines or are quoted-printable', () => {
    const html = regionOf('text', { contentType: 'text/html' });
    expect(spans('<p id="a" b=c>1 &lt; 2</p><!-- x', html)).toEqual([
      ...['tag:<p', 'plain: ', 'attribute:id', 'plain:=', 'value:"a"', 'plain: ', 'attribute:b', 'plain:='],
      ...['value:c', 'tag:>', 'plain:1 ', 'escape:&lt;', 'plain: 2', 'tag:</p', 'tag:>', 'comment:<!-- x'],
    ]);
    expect(spans('y --><b', html, '<!-- x')).toEqual(['comment:y -->', 'tag:<b']);
    expect(spans('font"> < b', html, '<a style="color:red;')).toEqual(['value:font"', 'tag:>', 'plain: < b']);
    const quoted = regionOf('text', { contentType: 'text/html', encoding: 'quoted-printable' });
    expect(spans('td class', quoted, '<p></p><=\r\n')).toEqual([
      'attribute:td',
      'plain: ',
      'attribute:class',
    ]);
    expect(spans('<a href=3D"x">=C3=A4=', quoted)).toEqual([
      ...['tag:<a', 'plain: ', 'attribute:href', 'escape:=3D', 'value:"x"', 'tag:>'],
      ...['escape:=C3', 'escape:=A4', 'escape:='],
    ]);
  });

  test('of hostile HTML loses no character and costs a time in proportion', () => {
    const html = regionOf('text', { contentType: 'text/html' });
    for (const text of [
      '<'.repeat(2000),
      '<a '.repeat(700),
      '&'.repeat(2000),
      '<a ="\''.repeat(400),
      '<!--'.repeat(500),
    ])
      expect(
        spansOf(text, html, false, () => '<a "'.repeat(2000))
          .map((span) => span.text)
          .join(''),
      ).toBe(text);
  });

  test('is searched in all its bytes, across the pieces, and goes round at the end', async () => {
    const bytes = new Uint8Array(1024 * 1024 + 50).fill(97);
    const needle = new TextEncoder().encode('Nädel');
    for (const at of [5, 512 * 1024 - 3, 1024 * 1024 + 40]) bytes.set(needle, at);
    const search = new SourceSearch({ bytes: (start, end) => bytes.subarray(start, end), rowAt: (at) => at });
    await search.find('nädel', bytes.length);
    expect(search.hits).toEqual([5, 512 * 1024 - 3, 1024 * 1024 + 40]);
    search.step(-1);
    expect(search.row).toBe(1024 * 1024 + 40);
    search.step(1);
    expect(search.row).toBe(5);
    await search.find('nothing like it', bytes.length);
    expect([search.hits.length, search.row, search.isRunning]).toEqual([0, null, false]);
  });
});

test('attachments that people can read are open from the start, hex is not', () => {
  for (const type of ['image/png', 'text/plain; charset=utf-8', 'application/json', 'application/atom+xml'])
    expect(isTelling(type, 'x')).toBe(true);
  expect(isTelling('application/octet-stream', 'team.ics')).toBe(true);
  for (const type of ['application/pdf', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'])
    expect(isTelling(type, 'x')).toBe(false);
});

describe('on paper', () => {
  test('a frame has room for all of the mail, whatever its plain text says', () => {
    const story =
      '<tr><td><h2>A story</h2><img src="x.jpg" height="120"><p>' +
      'Lorem ipsum dolor sit amet. '.repeat(12) +
      '</p></td></tr>';
    const html = `<style>${'p { color: red } '.repeat(5000)}</style><table>${story.repeat(8)}</table>`;
    const height = framePrintHeight({ html, text: 'See the HTML part.' });
    expect(height).toBeGreaterThan(2300);
    expect(height).toBeLessThan(5000);
    expect(framePrintHeight({ html: '<p>Short</p>', text: null })).toBeLessThan(900);
  });

  test('what stands side by side in a table takes the height of the tallest', () => {
    const cell = `<td><img src="x.jpg" height="120"><p>${'Lorem ipsum. '.repeat(8)}</p></td>`;
    const height = (cells: number) =>
      framePrintHeight({ html: `<table><tr>${cell.repeat(cells)}</tr></table>`.repeat(9), text: null });
    expect(height(3)).toBeGreaterThan(height(1));
    expect(height(3)).toBeLessThan(2 * height(1));
    // A row that is not closed is no less tall.
    expect(framePrintHeight({ html: `<table><tr>${cell}`.repeat(9), text: null })).toBe(height(1));
  });

  test('hostile HTML keeps nobody waiting for its height', () => {
    const started = cpuNow();
    for (const piece of [
      ...['<style>', '<p<p', '<', '<img ', '<td height', '<!-- -->', 'padding:', '<tr><td>', '</td>', '<p '],
    ])
      framePrintHeight({ html: piece.repeat(2_000_000 / piece.length), text: null });
    expect(cpuNow() - started).toBeLessThan(5000);
  });
});

describe('the links of a mail', () => {
  const link = (given: Partial<Link>): Link =>
    ({ href: 'https://a.example/', text: 'a', source: 'html', purpose: 'other', ...given }) as Link;

  test('are listed once, the useful ones first, and filtered by their words', () => {
    const links = [
      link({}),
      link({}),
      link({ purpose: 'confirm', text: 'Confirm', href: 'https://a.example/c' }),
    ];
    expect(listLinks(links, '').map(({ text, count }) => [text, count])).toEqual([
      ['Confirm', 1],
      ['a', 2],
    ]);
    expect(listLinks(links, 'CONF')).toHaveLength(1);
  });

  test('that name another host than they lead to are called out; others are not', () => {
    expect(claimsOtherHost('https://bank.example/login', 'https://evil.example/')).toBe('bank.example');
    expect(claimsOtherHost('www.bank.example', 'https://bank.example/x')).toBeNull();
    expect(claimsOtherHost('bank.example', 'https://login.bank.example/')).toBeNull();
    expect(claimsOtherHost('bank.example', 'https://bank.example.evil.test/')).toBe('bank.example');
    for (const text of ['Read on', 'ann@bank.example', 'a'.repeat(100_000)])
      expect(claimsOtherHost(text, 'https://evil.example/')).toBeNull();
  });
});

test('what is never loaded is counted by kind', () => {
  const reference = (kind: 'font' | 'frame') => ({ url: 'http://x/', host: 'x', kind, isPixel: false });
  expect(countKinds([reference('font'), reference('frame'), reference('font')])).toEqual([
    ['font', 2],
    ['frame', 1],
  ]);
});

describe('all attachments in one file', () => {
  test('have names that are no paths, not hidden, not reserved, and each once', () => {
    expect(
      fileNames(['../../etc/passwd', 'a.txt', 'A.txt', '', 'con.txt', '.ssh', 'x\u202egnp.exe', 'C:\\a']),
    ).toEqual([
      ...['_.._etc_passwd', 'a.txt', 'A (2).txt', 'attachment-4', '_con.txt', 'ssh', 'x_gnp.exe', 'C__a'],
    ]);
  });

  test('are a ZIP archive with their bytes and checksums', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    const pieces = zipFile(
      [{ name: 'ä.txt', bytes: new TextEncoder().encode('hello') }],
      new Date(2026, 2, 12),
    );
    const zip = Buffer.concat(pieces);
    const end = zip.length - 22;
    expect(zip.readUInt32LE(0)).toBe(0x04034b50);
    expect(zip.readUInt32LE(end)).toBe(0x06054b50);
    const directory = zip.readUInt32LE(end + 16);
    expect(zip.readUInt32LE(directory)).toBe(0x02014b50);
    expect(directory + zip.readUInt32LE(end + 12)).toBe(end);
    expect(zip.subarray(30, 36).toString()).toBe('ä.txt');
    expect(zip.subarray(36, 41).toString()).toBe('hello');
  });
});

test('links of the text are links where they stand, each as long as it is, and no other word is', () => {
  const link = (href: string, source: Link['source'] = 'text'): Link => ({
    text: '',
    href,
    purpose: 'other',
    source,
  });
  const text = 'see https://a.test/x?y=(1) and https://a.test/x, or javascript:alert(1) https://b.test/';
  const links = [
    link('https://a.test/x'),
    link('https://a.test/x?y=(1)'),
    link('javascript:alert(1)'),
    link('https://b.test/', 'html'),
  ];
  expect(cutAtLinks(text, links)).toEqual([
    { text: 'see ', href: null },
    { text: 'https://a.test/x?y=(1)', href: 'https://a.test/x?y=(1)' },
    { text: ' and ', href: null },
    { text: 'https://a.test/x', href: 'https://a.test/x' },
    { text: ', or javascript:alert(1) https://b.test/', href: null },
  ]);
  expect(cutAtLinks('nothing', [])).toEqual([{ text: 'nothing', href: null }]);
});

describe('a report', () => {
  const report = (contentType: string, ...children: Partial<Part>[]) =>
    findReport(part({ path: '0', contentType, children: children.map(part) }));

  test('is found with the mail that it is about, in a multipart/report only', () => {
    const parts = [
      { path: '1' },
      { path: '2', contentType: 'message/delivery-status' },
      { path: '3', contentType: 'text/rfc822-headers' },
    ];
    expect(report('multipart/report', ...parts)).toMatchObject({
      report: { path: '2' },
      original: { path: '3' },
    });
    expect(report('multipart/report', ...parts.slice(0, 2))?.original).toBeNull();
    expect(report('multipart/report', parts[0]!)).toBeNull();
    expect(report('multipart/mixed', ...parts)).toBeNull();
  });

  test('says which mail it was, with its encoded words decoded and the rest as it was sent', () => {
    const header = [
      'X-From: no',
      'subject: =?utf-8?q?Caf=C3=A9?=',
      ' =?utf-8?b?4oCT?= =?no-charset?q?x?= =?utf-8?b?*?=',
      'To: a@b.test,',
      '\tc@d.test',
      '',
      'From: of the body',
    ];
    for (const end of ['\r\n', '\n', '\r'])
      expect(readOriginal(header.join(end))).toEqual([
        { name: 'To', value: 'a@b.test,\tc@d.test' },
        { name: 'Subject', value: 'Café–=?no-charset?q?x?==?utf-8?b?*?=' },
      ]);
  });
});
