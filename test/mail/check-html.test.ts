// What the HTML of a message refers to: what is an address of it and what only looks so, and where it stands.
import { expect, test } from 'vitest';
import type { Found } from '../../shared/finding.ts';
import { findingsOf, mailWith, utf8 } from '../support/checked-mail.ts';

const mail = (html: string, more: string[] = []): Buffer =>
  mailWith(
    { 'Content-Type': 'multipart/related; boundary=b' },
    [
      `--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${html}`,
      ...more.map((header) => `--b\r\nContent-Type: image/png\r\n${header}\r\n\r\nabc`),
      '--b--\r\n',
    ].join('\r\n'),
  );
const addressesIn = async (raw: Buffer): Promise<Found[]> =>
  (await findingsOf(raw)).filter(({ rule }) => /cid|url/.test(rule));

test.each([
  ['in the query of a link', '<a href="https://example.com/?a=1&src=mail">A</a>'],
  ['in an attribute for programs', '<img src="https://example.com/a.png" data-src="/lazy.png">'],
  ['in a comment', '<!--[if mso]><v:rect src="x.png"></v:rect><![endif]--><p>Hi</p>'],
  ['in a text', '<p>Write src=a.png or &lt;img src="cid:logo"&gt; there.</p>'],
  ['in a script', '<script>var a = { src: 1 }; b.src = "c.png"</script><p>Hi</p>'],
  ['in a style that is a comment', '<style>/* src=a.png */ p { color: red }</style><p>Hi</p>'],
  ['with entities', '<img src="&#104;ttps://example.com/a.png"><img src="cid:a&amp;b">'],
  ['of an image that is a part', '<img src="images/logo.png"><img src="./images/logo.png">'],
])('what looks like a relative address %s is none', async (_, html) => {
  const parts = ['Content-ID: <a&b>', 'Content-Location: images/logo.png'];
  expect(await addressesIn(mail(html, parts))).toEqual([]);
});

test('nothing is relative where the HTML says where it comes from', async () => {
  const from = 'Content-Location: https://example.com/news/';
  const raw = mailWith({ 'Content-Type': 'text/html; charset=utf-8' }, '<img src="a.png">', [from]);
  expect(await addressesIn(raw)).toEqual([]);
});

test.each([
  ['an image', '<img src="/a.png">', 'content.relative-url'],
  ['an image in two sizes', '<img srcset="https://example.com/a.png, b.png 2x">', 'content.relative-url'],
  ['a background', '<td background=bg.png>x</td>', 'content.relative-url'],
  ['a style', `<p style="background: url('cid:bg')">x</p>`, 'content.broken-cid'],
  ['a style sheet', '<style>p { background: url(cid:bg) }</style>', 'content.broken-cid'],
])('the address of %s is looked at', async (_, html, rule) => {
  expect((await addressesIn(mail(html))).map((one) => one.rule)).toEqual([rule]);
});

test('an address is shown where it is one, and not where it is a part of another or of a text', async () => {
  const at = async (html: string): Promise<string> => {
    const raw = mail(html);
    const [place] = (await addressesIn(raw))[0]!.evidence;
    return place?.kind === 'message'
      ? raw.toString('latin1', place.offset - 8, place.offset + place.length)
      : '';
  };
  expect(await at('<a href="https://example.com/go">A</a> /go <a id=1 href="/go">B</a>')).toBe('1 href="/go');
  expect(await at('<a href="/go/on">A</a>')).toBe('a href="/go/on');
  expect(await at('<p>x</p> x <img  src="x">')).toBe('g  src="x');
  expect(await at('<a href="/go?a=1&amp;b=2">B</a>')).toBe('a href="/go?a=1&amp;b=2');
  const long = `/${'a'.repeat(70)}`;
  expect(await at(`${long}b <a href="${long}">B</a>`)).toBe(`a href="${long}`);
  expect(await at(utf8('<a href="/größe">B</a>'))).toBe(utf8('a href="/größe'));
});
