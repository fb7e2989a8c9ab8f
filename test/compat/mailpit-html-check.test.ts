// Mailpit's HTML check: what it looks for (as in its internal/htmlcheck/inline_test.go), and what it says of it.
import caniemail from 'caniemail/caniemail.json' with { type: 'json' };
import { expect, test } from 'vitest';
import { float32 } from '../../server/compat/mailpit/float32.ts';
import { checkHtml } from '../../server/compat/mailpit/html-check.ts';
import * as features from '../../server/compat/mailpit/html-features.ts';
import { styleHtml } from '../../server/mail/style-html.ts';
import { sendMail, startWithMail } from './support.ts';

interface Check {
  Warnings: { Slug: string; Score: { Found: number; Partial: number; Unsupported: number } }[];
  Platforms: Record<string, string[]>;
  Total: { Tests: number; Nodes: number; Supported: number; Partial: number; Unsupported: number };
}
const check = (html: string): Check => checkHtml(html, styleHtml(html)!) as Check;
const found = (html: string): Record<string, number> =>
  Object.fromEntries(check(html).Warnings.map(({ Slug, Score }) => [Slug, Score.Found]));
const slugsIn = (html: string): string[] => Object.keys(found(html)).sort();

test.each([
  ['style="transform: rotate(20deg)"', ['css-transform']],
  ['style="color: green; transform:rotate(20deg)"', ['css-transform']],
  ['style="color:green; transform :rotate(20deg)"', ['css-transform']],
  ['style="TRANSFORM:rotate(20deg)"', ['css-transform']],
  ['style="ignore-transform: something"', []],
  ['style="text-transform: uppercase; text-transform: uppercase"', ['css-text-transform']],
  ['style="padding-inline-start: 5px"', ['css-padding-inline-start-end']],
  ['style="margin-inline-end: 5px"', ['css-margin-inline-start-end']],
  ['style="margin-inline-middle: 5px"', []],
  ['style="color:green!important"', ['css-important']],
  ['style="color: green !important;"', ['css-important']],
  ['style="color:green!important-stuff;"', []],
  [`style="background-image:url('img.jpg'); color: green"`, ['css-background-image']],
  ['style="display  : flex ;"', ['css-display', 'css-display-flex']],
  ['style="DISPLAY:FLEX;"', ['css-display', 'css-display-flex']],
  ['style="display: flexing;"', ['css-display']],
  [
    'style="line-height: 1px;opacity: 0.5; width: calc(10px + 100px)"',
    ['css-line-height', 'css-opacity', 'css-unit-calc', 'css-width'],
  ],
  ['style="color: rgb(255,255,255);"', ['css-rgb']],
  [
    'style="border: solid rgb(255,255,255) 1px; color:rgba(255,255,255, 0);"',
    ['css-border', 'css-rgb', 'css-rgba'],
  ],
  ['BORDER="2" BACKGROUND="GREEN"', ['css-background', 'css-border']],
  ['border-something="2" background-something="green"', []],
])('a heading with %s uses %j', (attributes, slugs) => {
  expect(slugsIn(`<h1 ${attributes}>Heading</h1>`)).toEqual(slugs);
});

test('what style sheets say counts for the elements that they meet, and for themselves', () => {
  const sheet = `<style>
    /* a comment */ p.a, td { padding: 1rem; float:left } p { float: none }
    @media (max-width: 600px) { p { gap: 1px } } a:hover { opacity: 1 } * { z-index: 1 } p:bad { filter: x }
    #one { width: 20px !important; }
  </style><style media=print>p { hyphens: auto }</style>`;
  expect(found(`${sheet}<p class=a id=one style="float:right"><p><p class=a><b>`)).toEqual({
    ...{ 'html-style': 2, 'css-padding': 2, 'css-float': 3, 'css-unit-rem': 2 },
    ...{ 'css-width': 2, 'css-important': 1, 'css-at-media': 1, 'css-pseudo-class-hover': 1 },
  });
});

test.each([
  ['p.x > b', 1],
  ['#one', 1],
  ['P', 2],
  ['[title="a.b c"]', 1],
  ['p:not(.x)', 1],
  ['p:nth-child(2) b', 1],
  ['.x, .y', 2],
  ['.x\\:y', 1],
  ['body b', 0],
])('a rule for %s meets %i elements, however it is looked up', (selector, count) => {
  const html = `<style>${selector} { gap: 1px }</style><p class=x id=one><b></b></p><p class="y x:y" title="a.b c"><i><b></b></i></p>`;
  expect(found(html)['css-gap'] ?? 0).toBe(count);
});

test('elements and pictures are found as Mailpit looks for them', () => {
  const html =
    '<form><input type=text required><button type=reset></form><a href="#top"><img src="a.WEBP"><img src="a.tif" usemap=#m>' +
    '<img src="data:image/png;base64,x"><main></main><svg></svg><input type=checkbox><script></script><script type="application/ld+json"></script>';
  expect(found(html)).toEqual({
    ...{ 'html-script': 1, 'html-form': 1, 'html-required': 1, 'html-input-text': 1, 'html-button-reset': 1 },
    ...{ 'html-anchor-links': 1, 'html-image-maps': 1, 'html-semantics': 1, 'html-svg': 1 },
    ...{ 'image-webp': 1, 'image-tiff': 1, 'image-base64': 1 },
  });
});

test('every feature that is looked for is known to caniemail.com, but for two that it has given up', () => {
  const known = new Set(caniemail.data.map(({ slug }) => slug));
  const asked = [
    ...Object.entries(features).flatMap(([name, one]) =>
      name === 'propertyTests' ? [...features.propertyTests.values()] : Object.keys(one),
    ),
    'html-body',
  ];
  expect(asked.filter((slug) => !known.has(slug))).toEqual(['image-ppm', 'css-margin-inline']);
});

test('the answer has every field of Mailpit, with the numbers as Go writes them', async () => {
  await using sandbox = await startWithMail();
  const html = '<html><body><p style="border-radius:3px">Hi</p><p>Ann</p><b></b></body></html>';
  await sendMail(sandbox, `Content-Type: text/html\r\n\r\n${html}\r\n`);
  const { Warnings, Platforms, Total } = await sandbox.get<Check>('/api/v1/message/latest/html-check');
  expect(Warnings.map(({ Slug }) => Slug)).toEqual(['html-body', 'css-border-radius']);
  const feature = caniemail.data.find(({ slug }) => slug === 'css-border-radius')!;
  const versions = Object.values(feature.stats).flatMap(Object.values).flatMap(Object.values) as string[];
  const share = (is: (support: string) => boolean): number =>
    float32(Math.fround(versions.filter(is).length / versions.length) * 100);
  expect(Warnings[1]).toMatchObject({
    Slug: 'css-border-radius',
    Title: feature.title,
    Description: expect.stringMatching(/^[^`]*$/) as unknown,
    URL: 'https://www.caniemail.com/features/css-border-radius/',
    ...{ Category: 'css', Tags: feature.tags, Keywords: '' },
    Score: {
      ...{ Found: 1, Supported: share((is) => is === 'y'), Unsupported: share((is) => is === 'n') },
      Partial: share((is) => is !== 'y' && is !== 'n'),
    },
  });
  const { Results } = Warnings[1] as unknown as { Results: Record<string, string>[] };
  expect(Results).toHaveLength(versions.length);
  expect(Results[0]).toEqual({
    Name: expect.stringMatching(/^[A-Z][\w ]+ \(.+\)$/) as unknown,
    ...{ Platform: expect.any(String) as unknown, Family: expect.any(String) as unknown },
    Version: expect.any(String) as unknown,
    ...{ Support: expect.stringMatching(/^(yes|no|partial)$/) as unknown },
    NoteNumber: expect.stringMatching(/^\d?$/) as unknown,
  });
  expect(Platforms.ios).toEqual(expect.arrayContaining(['Apple Mail', 'Gmail', 'Outlook']));
  expect(Platforms.windows).toEqual(['Mozilla Thunderbird', 'Outlook']);
  const worst = (name: 'Partial' | 'Unsupported'): number =>
    Math.max(...Warnings.map(({ Score }) => Math.fround(Score[name] / 4)));
  expect(Total).toEqual({
    ...{ Nodes: 4, Tests: expect.any(Number) as unknown },
    Partial: float32(worst('Partial')),
    Unsupported: float32(worst('Unsupported')),
    Supported: float32(Math.fround(100 - worst('Partial')) - worst('Unsupported')),
  });
});

test('notes and descriptions are HTML in which nothing of theirs is lost', () => {
  const [link] = check('<p style="background-image:url(x)">').Warnings as unknown as {
    NotesByNumber: Record<string, string>;
    Description: string;
  }[];
  const all = JSON.stringify(Object.values(link!.NotesByNumber));
  expect(all).toMatch(/<a href=\\"https:\/\/[^"]+\\" target=\\"_blank\\">[^<]+<\/a>/);
  expect(all).toMatch(/<code>[^<`]+<\/code>/);
  expect(all).not.toMatch(/\]\(|`/);
});

test('numbers are those of a float32', () => {
  expect([2 / 3, 100 / 11, 88.23529, 0, 100, 1e-7].map(float32)).toEqual([
    ...[0.6666667, 9.090909, 88.23529, 0, 100, 1e-7],
  ]);
});

test('hostile HTML is checked in bounded time, or refused', async () => {
  await using sandbox = await startWithMail();
  const rules = Array.from({ length: 5000 }, (_, n) => `p ~ p:not(.a${n}) > b { color: red }`).join('');
  for (const html of [
    `<style>${rules}</style>${'<p><b></b></p>'.repeat(20_000)}`,
    `<style>${'p{a:b}'.repeat(5000)}</style>${'<p>'.repeat(20_000)}`,
    `<style>p{x:${'y'.repeat(100_000)}}</style>${Array.from({ length: 5000 }, (_, n) => `<p style="a:${n}">`).join('')}`,
  ]) {
    await sendMail(sandbox, `Content-Type: text/html\r\n\r\n${html.replaceAll('}', '}\r\n')}\r\n`);
    expect(await sandbox.ask('GET /api/v1/message/latest/html-check')).toMatchObject({
      ...{ status: 400, text: 'the HTML takes too long to check' },
    });
  }
  for (const html of [
    '<div style="width:1px">'.repeat(50_000),
    `<style>${'{'.repeat(100_000)}`,
    `<style>${'a{b:c}'.repeat(50_000)}</style>`,
    `<p style="${';a b '.repeat(50_000)}">`,
    '<style>/*',
    '<p style="}{">',
  ])
    expect(check(html).Total.Tests).toBeGreaterThan(100);
});
