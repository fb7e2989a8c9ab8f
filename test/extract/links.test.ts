// Links with their purpose, from HTML and from text, and the headers for unsubscribing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extract } from '../../server/mail/extract/extract.ts';
import { findTextLinks } from '../../server/mail/extract/text-links.ts';
import { parseMessage } from '../../server/mail/parse.ts';
import type { HeaderField, Link } from '../../shared/message.ts';
import { cpuNow } from '../support/cpu-time.ts';

const none = { subject: '', text: null, html: null, headers: [] };
const inHtml = (html: string): Link[] => extract({ ...none, html }).links;
const inText = (text: string): Link[] => extract({ ...none, text }).links;

describe('links of HTML', () => {
  test('come with their words, addresses with entities decoded, in order', () => {
    expect(
      inHtml(
        '<p>Hi <a href="https://x.test/?a=1&amp;b=2">see\n <b>this</b></a>, <A HREF=/two>two</A> <a name=x>no</a></p>',
      ),
    ).toEqual([
      { text: 'see this', href: 'https://x.test/?a=1&b=2', purpose: 'other', source: 'html' },
      { text: 'two', href: '/two', purpose: 'other', source: 'html' },
    ]);
  });

  test('that are only shown are found where there is no text, and those that are links already are not', () => {
    const html =
      '<a href="https://x.test/a">Confirm</a> <p>Or open https://x.test/a</p><p>Reset: https://x.test/r?t=1&amp;u=2</p>' +
      '<a href="https://t.test/1">https://y.test/</a>';
    expect(inHtml(html).map(({ text, href, source }) => [text, href, source])).toEqual([
      ['Confirm', 'https://x.test/a', 'html'],
      ['https://y.test/', 'https://t.test/1', 'html'],
      ['Reset', 'https://x.test/r?t=1&u=2', 'html'],
    ]);
    expect(extract({ ...none, html, text: 'x' }).links).toHaveLength(2);
  });

  test('around an image bear its alternative text', () => {
    expect(inHtml('<a href="https://x.test/a"><img src=a.png alt="Verify now"></a>')).toMatchObject([
      { text: 'Verify now', purpose: 'confirm' },
    ]);
  });

  test.each([
    ['Confirm your email', 'https://x.test/t/9', 'confirm'],
    ['E-Mail-Adresse bestätigen', 'https://x.test/t/9', 'confirm'],
    ['メールアドレスを確認する', 'https://x.test/t/9', 'confirm'],
    ['Click here', 'https://x.test/users/verify-email?token=1', 'confirm'],
    ['Reset your password', 'https://x.test/t/9', 'reset'],
    ['Passwort zurücksetzen', 'https://x.test/t/9', 'reset'],
    ['Confirm your new password', 'https://x.test/t/9', 'reset'],
    ['Here', 'https://x.test/password/reset/abc', 'reset'],
    ['Sign in to Acme', 'https://x.test/t/9', 'login'],
    ['Se connecter', 'https://x.test/t/9', 'login'],
    ['Accept invitation', 'https://x.test/t/9', 'invite'],
    ['Unsubscribe', 'https://x.test/t/9', 'unsubscribe'],
    ['Newsletter abbestellen', 'https://x.test/t/9', 'unsubscribe'],
    ['here', 'https://x.test/unsubscribe/9', 'unsubscribe'],
    ['Annulla iscrizione', 'https://x.test/t/9', 'unsubscribe'],
    ['Avsluta prenumerationen', 'https://x.test/t/9', 'unsubscribe'],
    ['Meld deg av', 'https://x.test/t/9', 'unsubscribe'],
    ['取消訂閱', 'https://x.test/t/9', 'unsubscribe'],
    ['Tilbakestill passord', 'https://x.test/t/9', 'reset'],
    ['View this email in your browser', 'https://x.test/t/9', 'browser-view'],
    ['Email preferences', 'https://x.test/t/9', 'preferences'],
    ['Write to us', 'mailto:help@x.test', 'mail'],
    ['Call us', 'tel:+1234', 'phone'],
    ['Our shop', 'https://password-reset.test/', 'other'],
    ['Shop now', 'https://x.test/sale?a=1&utm_campaign=reset', 'other'],
    ['here', 'https://x.test/wp-login.php?action=rp&key=abc&login=ann', 'reset'],
    ['Complete registration', 'https://x.test/t/9', 'confirm'],
    ['Approve sign-in', 'https://x.test/t/9', 'login'],
    ['Descadastrar', 'https://x.test/t/9', 'unsubscribe'],
    ['Επιβεβαίωση email', 'https://x.test/t/9', 'confirm'],
    ['Επαναφορά κωδικού', 'https://x.test/t/9', 'reset'],
    ['איפוס סיסמה', 'https://x.test/t/9', 'reset'],
    ['Xác nhận email', 'https://x.test/t/9', 'confirm'],
    ['Đặt lại mật khẩu', 'https://x.test/t/9', 'reset'],
    ['Atur ulang kata sandi', 'https://x.test/t/9', 'reset'],
  ])('"%s" to %s is taken as %s', (text, href, purpose) => {
    expect(inHtml(`<a href="${href}">${text}</a>`)[0]?.purpose).toBe(purpose);
  });

  test.each([
    'javascript:alert(1)',
    ' JaVa\tScRiPt:alert(1)',
    '&#106;avascript:x',
    'data:text/html,x',
    'vbscript:x',
    '\x01javascript:x',
  ])('an unsafe address is said to be so: %j', (href) => {
    expect(inHtml(`<a href="${href}">Confirm</a>`)[0]?.purpose).toBe('unsafe');
  });

  test('invisible images are pixels, visible ones are nothing', () => {
    expect(
      inHtml(
        '<img src="https://t.test/1" width=1 height="1"><img src="https://t.test/2" style="display: none">' +
          '<img src=https://t.test/3 width=100 height=1><img src="cid:x" width=1 height=1>',
      ).map(({ href, purpose }) => [href, purpose]),
    ).toEqual([
      ['https://t.test/1', 'pixel'],
      ['https://t.test/2', 'pixel'],
    ]);
  });

  test('within comments, styles, scripts and to places of the mail are none', () => {
    expect(
      inHtml(
        '<!-- <a href="http://a.test">a</a> --><script>"<a href=http://b.test>"</script><a href="#top">up</a>',
      ),
    ).toEqual([]);
  });
});

describe('links of text', () => {
  test('bear the words before them and lose the punctuation of the sentence', () => {
    expect(
      inText(
        'Confirm your account:\n\n  https://x.test/c?t=1\n\nSee (https://x.test/wiki/A_(b)), or <https://x.test/d>.\nwww.y.test!',
      ).map(({ text, href, purpose }) => [text, href, purpose]),
    ).toEqual([
      ['Confirm your account', 'https://x.test/c?t=1', 'confirm'],
      ['See', 'https://x.test/wiki/A_(b)', 'other'],
      ['or', 'https://x.test/d', 'other'],
      ['', 'http://www.y.test', 'other'],
    ]);
  });

  test('mail addresses are links too, and those within a URL are not', () => {
    expect(
      inText('Ask help+1@x-y.test. Or a@b, @c.test, https://u@x.test/d@e.test').map(({ href }) => href),
    ).toEqual(['mailto:help+1@x-y.test', 'https://u@x.test/d@e.test']);
  });

  test('have the words before them, and none of a link before that', () => {
    const text = 'See <http://1.2.3.4:8080/x>, www.example.org/foo and mailto:a@b.test\nor\nhttps://z.test/';
    expect(inText(text).map(({ text: words, href }) => [words, href])).toEqual([
      ['See', 'http://1.2.3.4:8080/x'],
      ['', 'http://www.example.org/foo'],
      ['and', 'mailto:a@b.test'],
      ['or', 'https://z.test/'],
    ]);
  });

  test('a token that ends with "_" is whole, an emphasis around a link is none of it', () => {
    const links = inText(
      'https://x.test/r?t=aB3_\n_See https://x.test/a_ or _https://x.test/b_, `https://x.test/c`',
    );
    expect(links.map(({ href }) => href)).toEqual([
      'https://x.test/r?t=aB3_',
      'https://x.test/a',
      'https://x.test/b',
      'https://x.test/c',
    ]);
  });

  test.each(['„https://x.test/a“.', '“https://x.test/a”', '«https://x.test/a»', '‘https://x.test/a’…'])(
    'the quotes of %s are none of it',
    (text) => {
      expect(inText(text).map(({ href }) => href)).toEqual(['https://x.test/a']);
    },
  );

  test('Japanese text around a link does not become a part of it', () => {
    expect(inText('こちら（https://x.test/a）をクリック').map(({ href }) => href)).toEqual([
      'https://x.test/a',
    ]);
  });
});

describe('unsubscribing', () => {
  const read = (fields: Record<string, string>) =>
    extract({
      ...none,
      headers: Object.entries(fields).map(([name, value]): HeaderField => ({
        name,
        value,
        raw: '',
        offset: 0,
        length: 0,
      })),
    }).unsubscribe;

  test('by one click is told from its headers', () => {
    expect(
      read({
        'List-Unsubscribe': '<https://x.test/u?t=1>, (comment) <mailto:u@x.test?subject=stop>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    ).toEqual({
      urls: ['https://x.test/u?t=1'],
      mailto: ['mailto:u@x.test?subject=stop'],
      oneClick: true,
      problem: null,
    });
  });
  test('without the header is not there', () => expect(read({ Subject: 'x' })).toBeNull());
  test('that mail programs would ignore says why', () => {
    expect(read({ 'list-unsubscribe': 'https://x.test/u' })?.problem).toMatch(/angle brackets/);
    const post = {
      'List-Unsubscribe': '<http://x.test/u>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    };
    expect(read(post)).toMatchObject({ oneClick: false, problem: expect.stringMatching(/https/) as string });
  });
});

test('a message has at most 500 links, those of the HTML first', async () => {
  const many = (n: number, make: (i: number) => string): string =>
    Array.from({ length: n }, (_, i) => make(i)).join('\n');
  const html = many(490, (i) => `<a href="https://x.test/${i}">${i}</a>`);
  const text = many(100, (i) => `https://y.test/${i}`);
  const mail = `Subject: x\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n${text}\r\n--b\r\nContent-Type: text/html\r\n\r\n${html}\r\n--b--\r\n`;
  const { links } = await parseMessage(Buffer.from(mail));
  expect(links).toHaveLength(500);
  expect(links.filter(({ source }) => source === 'html')).toHaveLength(490);
});

test('whatever the text, each link stands in it', () => {
  const piece = fc.constantFrom(
    'https://',
    'x.test',
    '/',
    '(',
    ')',
    '@',
    '.',
    ' ',
    '\n',
    'a',
    'www.',
    'mailto:',
    '>',
    '\ud800',
    '日本',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 50 }), (parts) => {
      const text = parts.join('');
      for (const { href } of findTextLinks(text, 500)) {
        const bare = href.replace(/^mailto:|^http:\/\/(?=www)/i, '');
        expect(text).toContain(bare);
        expect(href).not.toMatch(/\s/);
      }
    }),
    { numRuns: 500 },
  );
});

const hostile: Record<string, (n: number) => { text?: string; html?: string }> = {
  'at signs': (n) => ({ text: '@'.repeat(n) }),
  'letters before at signs': (n) => ({ text: `${'a'.repeat(60)}@`.repeat(n / 60) }),
  'URLs of brackets': (n) => ({ text: `https://x.test/${'('.repeat(n)}` }),
  'URLs of dots': (n) => ({ text: `https://x.test/${'.'.repeat(n)} ` }),
  'URL beginnings': (n) => ({ text: 'https://'.repeat(n / 8) }),
  'one long word': (n) => ({ text: 'x'.repeat(n) }),
  'one long number': (n) => ({ text: '1'.repeat(n) }),
  'spaced digits': (n) => ({ text: '1 '.repeat(n / 2) }),
  hyphens: (n) => ({ text: `code ${'a-'.repeat(n / 2)}` }),
  labels: (n) => ({ text: 'code '.repeat(n / 5) }),
  'labels and codes': (n) => ({ text: 'your code is 482913 '.repeat(n / 20) }),
  Chinese: (n) => ({ text: '验证码'.repeat(n / 3) }),
  blanks: (n) => ({ text: ' '.repeat(n) }),
  'line ends': (n) => ({ text: `code${'\n'.repeat(n)}482913` }),
  'open links': (n) => ({ html: '<a href=x>'.repeat(n / 10) }),
  'links in a link': (n) => ({ html: `<a href=x>${'<b>text</b>'.repeat(n / 11)}` }),
  attributes: (n) => ({ html: `<img ${'src=x width=1 '.repeat(n / 14)}>` }),
  'entities in an address': (n) => ({ html: `<a href="${'&amp;'.repeat(n / 5)}">x</a>` }),
  'style of an image': (n) => ({ html: `<img src="//x" style="${'display : '.repeat(n / 10)}">` }),
};
test.each(Object.keys(hostile))('time grows no faster than the message: %s', (name) => {
  const time = (n: number): number => {
    const given = hostile[name]!(n);
    let best = Infinity;
    for (let i = 0; i < 3; i++) {
      const start = cpuNow();
      extract({ ...none, ...given });
      best = Math.min(best, cpuNow() - start);
    }
    return best;
  };
  time(20_000);
  const [one, two] = [time(120_000), time(240_000)];
  expect(two, `${one.toFixed(1)} ms, doubled: ${two.toFixed(1)} ms`).toBeLessThan(Math.max(60, one * 3.5));
  expect(two).toBeLessThan(1500);
});
