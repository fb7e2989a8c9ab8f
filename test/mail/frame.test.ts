import { describe, expect, test } from 'vitest';
import { csp, frameHtml, textAsHtml } from '../../server/mail/frame.ts';
import { someOf } from '../support/share.ts';
import { cpuNow } from '../support/cpu-time.ts';

const base = '<base target="_blank">';
/** Knows every part that begins with `logo`. */
const resolve = (contentId: string): string | null => (contentId.startsWith('logo') ? '/cid/t0k3n' : null);
const frame = (html: string): string => frameHtml(html, resolve).html.replace(base, '');

describe('the HTML of a mail in its frame', () => {
  test('is as it was sent but for the base that opens links elsewhere', () => {
    const html =
      '<!DOCTYPE html>\r\n<HTML lang=en><Head ><title>x</title><p CLASS=a>&nbsp;<b>never closed<script>1</script>';
    expect(frameHtml(html, resolve).html).toBe(html.replace('<Head >', `<Head >${base}`));
  });

  test('keeps its doctype first, so that it is not shown in quirks mode', () => {
    expect(frameHtml('<!doctype html><p>x', resolve).html).toBe(`<!doctype html>${base}<p>x`);
    expect(frameHtml('<!doctype html><html><p>x', resolve).html).toBe(`<!doctype html><html>${base}<p>x`);
    expect(frameHtml('<p>x', resolve).html).toBe(`${base}<p>x`);
  });

  const references: [string, string][] = [
    ['<img src="cid:logo">', '<img src="/cid/t0k3n">'],
    ["<img alt='a' SRC = 'CID:logo' width=1>", "<img alt='a' SRC = '/cid/t0k3n' width=1>"],
    ['<img src=cid:logo@x.test>', '<img src=/cid/t0k3n>'],
    ['<img src="cid:logo%40x.test">', '<img src="/cid/t0k3n">'],
    ['<img src="cid:logo&amp;2">', '<img src="/cid/t0k3n">'],
    ['<table background="cid:logo">', '<table background="/cid/t0k3n">'],
    ['<video poster=cid:logo>', '<video poster=/cid/t0k3n>'],
    [
      '<img srcset="cid:logo 1x, cid:logo2 2x,cid:other 3x">',
      '<img srcset="/cid/t0k3n 1x, /cid/t0k3n 2x,cid:other 3x">',
    ],
    ['<td style="background: url(cid:logo) red">', '<td style="background: url(/cid/t0k3n) red">'],
    [`<td style="background:url( 'cid:logo' )">`, `<td style="background:url( '/cid/t0k3n' )">`],
    ['<style>a{b:url("cid:logo")}</style>', '<style>a{b:url("/cid/t0k3n")}</style>'],
    ['<svg><image xlink:href="cid:logo"/></svg>', '<svg><image xlink:href="/cid/t0k3n"/></svg>'],
    ['<p title="cid:logo">cid:logo</p>', '<p title="cid:logo">cid:logo</p>'],
    ['<!-- <img src="cid:logo"> -->', '<!-- <img src="cid:logo"> -->'],
    ['<img src="cid:unknown">', '<img src="cid:unknown">'],
  ];
  test.each(references)('%s', (sent, shown) => {
    expect(frame(sent)).toBe(shown);
  });

  test('has a reference inside an escaped style replaced', () => {
    const shown = frame('<p style="background:url(&quot;cid:logo&quot;)">');
    expect(shown).toContain('/cid/t0k3n');
    expect(shown).not.toContain('cid:logo');
  });

  test('is not disturbed by a hostile Content-ID or address', () => {
    const asked: string[] = [];
    const ids = ['$&', '.*+?^${}()|[]', '%zz', "a'b", '__proto__'];
    const html = ids.map((id) => `<img src="cid:${id}">`).join('');
    const shown = frameHtml(html, (id) => {
      asked.push(id);
      return `/cid/"><script>$&'(${asked.length})`;
    }).html;
    expect(asked).toEqual(ids);
    expect(shown).not.toContain('<script');
    expect(shown.match(/<img src="[^"<>'()&]*">/g)).toHaveLength(ids.length);
  });

  test('opens every link elsewhere, except those to a place in the mail', () => {
    expect(frame('<a href="https://x.test" target=_self>')).toBe('<a href="https://x.test" target=_blank>');
    expect(frame('<a target="_top" href="https://x.test">')).toBe(
      '<a target="_blank" href="https://x.test">',
    );
    expect(frame('<a href="#top">up</a>')).toBe('<a target="_self" href="#top">up</a>');
    // The first of a name counts.
    expect(frame('<a href="https://x.test" href="#top">')).toBe('<a href="https://x.test" href="#top">');
    expect(frame('<a href="#top" href="https://x.test">')).toContain('target="_self"');
  });

  test('opens the links of a picture in SVG elsewhere, which do not mind the base', () => {
    const link = '<a href="https://x.test"><text>x</text></a>';
    const opened = link.replace('<a', '<a target="_blank"');
    expect(frame(`${link}<svg>${link}</svg>`)).toBe(`${link}<svg>${opened}</svg>`);
    expect(frame('<SVG><a xlink:href="https://x.test">')).toContain('<a target="_blank" xlink:href');
    expect(frame('<svg><a target=_top href="https://x.test">')).toContain('<a target=_blank href');
    expect(frame('<svg><a><set attributeName=href to="https://x.test">')).toContain('<a target="_blank">');
    expect(frame('<svg><a href="#top">')).toContain('<a target="_self" href="#top">');
    expect(frame('<svg><a xlink:href="#top">')).toContain('<a target="_self" xlink:href="#top">');
    expect(frame('<svg><a xlink:href="#top" href="https://x.test">')).toContain('<a target="_blank"');
  });

  test('opens links elsewhere that only a browser sees', () => {
    const link = '<a href="https://x.test" target="_self">';
    const opened = '<a target=_blank  href="https://x.test" target="_self">';
    expect(frame(`<svg><style><p>${link}</style>`)).toBe(`<svg><style><p>${opened}</style>`);
    expect(frame(`<p title='${link}'>`)).toBe(`<p title='${opened}'>`);
    expect(frame('<abbr>a</abbr><article>')).toBe('<abbr>a</abbr><article>');
  });

  test('has no animation of where a link leads, and all others', () => {
    const moving = '<animate attributeName="opacity" values="0;1" dur="2s" repeatCount="indefinite"/>';
    const shown = `<svg><rect>${moving}<set attributeName='x' to="3" ></set></rect></svg><settings>`;
    expect(frame(shown)).toBe(shown);
    for (const attributes of [
      'attributeName="href"',
      'attributeName = " xlink:href"',
      "attributename='target'",
    ])
      expect(frame(`<set ${attributes} to="#x"/>`)).toBe(`<set attributeName=none  ${attributes} to="#x"/>`);
    for (const unclear of [
      '<SET/attributeName=href>',
      '<animate x=">" attributeName="href">',
      '<set a="&#1;">',
    ])
      expect(frame(unclear)).toMatch(/^<(?:SET|animate|set) attributeName=none [ /]/);
  });

  test('has its base behind what stands before the doctype, and not within what comes later', () => {
    const start =
      '<?xml version="1.0"?>\n<!-- saved - here -->\n<!doctype html>\n<!--[if mso]>x<![endif]-->\n<html>';
    expect(frameHtml(`${start}<body>`, resolve).html).toBe(`${start}${base}<body>`);
    for (const late of ['<xmp><head></xmp>', '<!---><xmp>--><head></xmp>', '<!-- <head>', 'x<html>'])
      expect(frameHtml(late, resolve).html).toBe(`${base}${late}`);
  });

  test('counts what it would load from elsewhere, and not what a click would', () => {
    const count = (html: string): number => frameHtml(html, resolve).remote;
    expect(
      count('<a href="https://x.test">x</a><img src="cid:logo"><img src="data:image/gif;base64,x">'),
    ).toBe(0);
    const loading = [
      '<img src="https://x.test/a">',
      '<img src=//x.test/a>',
      '<img srcset="https://x.test/a 1x, https://x.test/b 2x">',
      '<link rel=stylesheet href="http://x.test/c.css">',
      '<video poster="https://x.test/p" src="https://x.test/v">',
      '<td background="https://x.test/b">',
      '<p style="background:url(https://x.test/u)">',
      '<style>@import "https://x.test/i"; @font-face{src:url(https://x.test/f)}</style>',
      '<object data="https://x.test/o"></object>',
      '<input type=image src="https://x.test/i">',
      '<p style="background:url(&quot;https://x.test/u&quot;)">',
    ];
    expect(count(loading.join(''))).toBe(14);
  });

  test('has no element that would open a connection whatever the policy says', () => {
    const hidden = '<style><div></style><svg><style><p><link rel=preconnect href=//x.test></style></svg>';
    for (const html of [
      '<LINK rel="pre&#99;onnect" href=//x.test>',
      '<!--><link\n/rel=dns-prefetch>-->',
      hidden,
    ])
      expect(frame(html)).not.toMatch(/<link[\s/>]/i);
    expect(frame('<linker>links</linker>')).toContain('<linker>');
    expect(frame('<IFRAME src=//x.test><img></iframe >x<frame src=//x.test>')).toBe(
      '<noembed src=//x.test><img></noembed >x<basefont src=//x.test>',
    );
  });

  test('is given as it is when it is too long to be looked at', () => {
    const html = '<img src="cid:logo">'.repeat(300_000);
    expect(frameHtml(html, resolve)).toEqual({ html, remote: 0 });
  });

  test.each(
    someOf<[string, number]>(
      [
        ['<b>', 1_500_000],
        ['<', 5_000_000],
        ['<a x="', 800_000],
        ['<style>@import', 300_000],
        ['<p style="url(', 300_000],
        ['url(', 1_000_000],
        ['<a ', 1_500_000],
        ['<a', 2_500_000],
        ['<set ', 1_000_000],
        ['<set a="b" a="b"', 300_000],
        ['<!--x-', 800_000],
        ['&amp', 1_000_000],
        ['<img src=cid:logo>', 280_000],
      ],
      2,
    ),
  )('is made in a moment, however much of %s there is', (piece, times) => {
    for (const html of [
      piece.repeat(times),
      `<style>${piece.repeat(times)}`,
      `<p style="${piece.repeat(times)}">`,
    ]) {
      const started = cpuNow();
      frameHtml(html.slice(0, 5_000_000), resolve);
      expect(cpuNow() - started).toBeLessThan(2500);
    }
  });
});

describe('text in the frame', () => {
  test('is shown literally', () => {
    const page = textAsHtml('<script>alert(1)</script> "a" & \'b\'');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;a&quot; &amp; &#39;b&#39;');
    expect(page).not.toContain('<script');
  });
});

describe('the policy of the frame', () => {
  test('lets nothing run, and loads only inline parts', () => {
    expect(csp(false, 'http://127.0.0.1:8025/cid/')).toBe(
      "default-src 'none'; img-src data: http://127.0.0.1:8025/cid/; style-src 'unsafe-inline'; font-src data:; " +
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; " +
        'sandbox allow-popups allow-popups-to-escape-sandbox',
    );
  });

  test("allows remote images and nothing else, only when asked, and never scripts, same origin or 'self' images", () => {
    const open = csp(true, 'http://localhost:8025/cid/');
    expect(open).toMatch(/img-src [^;]*https: http:/);
    expect(open.replace(/img-src [^;]*/, '')).not.toContain('http:');
    for (const policy of [open, csp(false, 'http://localhost:8025/cid/')]) {
      expect(policy).not.toMatch(/script-src|allow-scripts|allow-same-origin|img-src[^;]*'self'/);
    }
  });

  test('cannot be extended through the origin', () => {
    expect(csp(false, "http://x/cid/; script-src 'unsafe-inline'")).not.toContain('script-src');
    expect(csp(false, 'http://[::1]:8025/cid/')).toContain('http://[::1]:8025/cid/');
  });
});
