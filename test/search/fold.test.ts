import { expect, test } from 'vitest';
import { foldText, padWords, spaceWords, wordsOf } from '../../shared/search/fold.ts';
import { htmlText } from '../../shared/search/html-text.ts';
import { createRandom } from './random.ts';
import { cpuNow } from '../support/cpu-time.ts';

test('texts are compared without case, accents and kinds of white space', () => {
  for (const [a, b] of [
    ['ÉCOLE', 'e\u0301cole'],
    ['Über', 'uber'],
    ['ΟΔΟΣ', 'οδος'],
    ['İstanbul', 'istanbul'],
    ['a\r\n\t b', 'A\u00a0B'],
    ['\ud800', '\ufffd'],
    ['\0', '\ufffd'],
  ])
    expect(foldText(a!), a).toBe(foldText(b!));
  expect(foldText('Straße')).toBe('straße');
  expect(foldText('पानी')).toBe('पानी');
});

test('folding twice is folding once, and what is ASCII has one form', () => {
  const random = createRandom(3);
  for (let n = 0; n < 20_000; n += 1) {
    const text = String.fromCodePoint(random.below(0x30000), random.below(0x3000), random.below(0x250));
    const folded = foldText(text);
    expect(foldText(folded), JSON.stringify(text)).toBe(folded);
    expect(wordsOf(spaceWords(folded))).toEqual(wordsOf(folded));
  }
});

test('words are letters and digits with their marks', () => {
  expect(wordsOf(foldText('Ann@Example.com, order_4711: "Größe" 50% हिन्दी 🎉'))).toEqual([
    'ann',
    'example',
    'com',
    'order',
    '4711',
    'große',
    '50',
    'हिन्दी',
  ]);
  expect(padWords('a, b')).toBe(' a b ');
});

test('of HTML the words are found that it shows', () => {
  const table: [string, string][] = [
    ['<p>Hello <b>W</b>orld</p><p>again</p>', 'Hello World again'],
    ['<style>p { color: red }</style>text<script>let a = "<b>";</script>', 'text'],
    ['<a title="1 > 2" href=x>link</a>', 'link'],
    ['a<br>b<!-- > no --> c', 'a b c'],
    [
      '&lt;tag&gt; &amp; &#8364; &#x41; &uuml;ber &nbsp;&unknown; &#99999999;',
      '<tag> & € A uber &unknown; &#99999999;',
    ],
    ['1 < 2 and <', '1 < 2 and <'],
    ['<title>no</title><body>yes', 'yes'],
    ['open <a href="', 'open'],
  ];
  for (const [html, text] of table) expect(htmlText(html, 1000).replace(/\s+/g, ' ').trim(), html).toBe(text);
  expect(htmlText('x'.repeat(50), 10)).toBe('x'.repeat(10));
});

test('hostile HTML is read in time that grows with its length', () => {
  const pieces = ['<', '<script>', '<!--', '&', '<a b="', "<a b='>", '</', '<style></styl', '&#x'];
  const started = cpuNow();
  for (const piece of pieces) htmlText(piece.repeat(1_000_000 / piece.length), 100_000);
  expect(cpuNow() - started).toBeLessThan(2000);
});
