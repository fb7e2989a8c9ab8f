import { expect, test } from 'vitest';
import { htmlAsText } from '../../server/mail/html-as-text.ts';
import { cpuNow } from '../support/cpu-time.ts';

const table: [html: string, mailpit: string, maildev: string][] = [
  ['', '', ''],
  ['<p>a</p>\n <p>b<br>c</p>', 'a\n\nb\nc', 'a\n\nb\nc'],
  ['<style>x</style><title>t</title><script>y</script>z', 'z', 'z'],
  ['<h2>Head</h2>x', '----\nHead\n----\n\nx', 'HEAD\n\nx'],
  ['<b>4</b>2 <a href="mailto:a@b.c">mail</a>', '*4*2 mail ( a@b.c )', '42 mail [a@b.c]'],
  [
    '<a href="#top">up</a> <a href="https://x.test">https://x.test</a>',
    'up https://x.test',
    'up https://x.test [https://x.test]',
  ],
  ['<ol><li>x<li>y</ol>', '* x\n* y', ' 1. x\n 2. y'],
  ['<table><tr><td>a</td><td>b</td></tr></table>', 'a b', 'ab'],
  [
    `<ul><li>${'word '.repeat(20)}</ul>`,
    `* ${'word '.repeat(20).trim()}`,
    ` * ${'word '.repeat(15).trim()}\n   ${'word '.repeat(5).trim()}`,
  ],
  [
    '<p>Total:&nbsp;12&nbsp;&euro;</p><p> x &nbsp; y </p>',
    'Total:\u00a012\u00a0€\n\nx \u00a0 y',
    'Total:\u00a012\u00a0€\n\nx \u00a0 y',
  ],
  ['a<br> <br><br>b<br>c', 'a\n\nb\nc', 'a\n\n\nb\nc'],
  ['<div>a</div><br><div>b<br></div><div>c</div>', 'a\n\nb\n\nc', 'a\n\nb\n\nc'],
  ['<p>a<br><br></p><p>b</p>', 'a\n\nb', 'a\n\n\n\nb'],
  ['<p>a</p><p>&nbsp;</p><p>&nbsp;b</p>', 'a\n\nb', 'a\n\n\u00a0\n\n\u00a0b'],
  ['</p></b></a></h1></ul>&lt;&copy;&#65;', '<©A', '<©A'],
];

test.each(table)('%j is a text as Mailpit and as maildev make it', (html, mailpit, maildev) => {
  expect(htmlAsText(html, 'mailpit')).toBe(mailpit);
  expect(htmlAsText(html, 'maildev')).toBe(maildev);
});

test('whatever was sent is turned into text in bounded time', () => {
  const started = cpuNow();
  for (const html of [
    ' x<b>'.repeat(400_000),
    '<h1>'.repeat(100_000),
    `<a href=x>${'<a>y</a>'.repeat(100_000)}`,
    '<ol><li>'.repeat(100_000),
    `<p>${'w '.repeat(1_000_000)}`,
    '<'.repeat(1_000_000),
  ])
    for (const tool of ['mailpit', 'maildev'] as const) htmlAsText(html, tool);
  expect(cpuNow() - started).toBeLessThan(10_000);
});

test('an element named as what every object has is an unknown one', () => {
  for (const name of ['constructor', 'toString', 'valueOf'])
    expect(htmlAsText(`<p>one</p><${name}>two</${name}><p>three</p>`, 'mailpit')).toBe(
      htmlAsText('<p>one</p><unknown>two</unknown><p>three</p>', 'mailpit'),
    );
});
