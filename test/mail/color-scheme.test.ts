import { describe, expect, test } from 'vitest';
import { forScheme } from '../../server/mail/color-scheme.ts';
import { cpuNow } from '../support/cpu-time.ts';

const css = '@media (prefers-color-scheme: dark) and (min-width: 9px){p{color:#fff}}';

describe('a mail in a colour scheme', () => {
  test('gets its dark styles when it is shown dark, and not when it is shown light', () => {
    expect(forScheme(css, 'dark')).toBe(css.replace('(prefers-color-scheme: dark)', '(min-width:0px)'));
    expect(forScheme(css, 'light')).toBe(css.replace('(prefers-color-scheme: dark)', '(max-width:0px)'));
    expect(forScheme('<source media="( PREFERS-COLOR-SCHEME:light )">', 'dark')).toBe(
      '<source media="(max-width:0px)">',
    );
    expect(forScheme('@media (prefers-color-scheme){}', 'light')).toBe('@media (min-width:0px){}');
  });

  test('is light where the frame is turned dark as a whole, with pictures that are turned back', () => {
    const light = forScheme(css, 'light');
    expect(forScheme(css, 'inverted')).toMatch(/^@media[^<]*<style>img,video\{filter:invert/);
    expect(forScheme(css, 'inverted').startsWith(light)).toBe(true);
    expect(forScheme(css, 'paper').replace(light, '')).toMatch(/^<style>[^<]*print-color-adjust:exact/);
  });

  test('turned dark, has the words of a picture that is not loaded turned with all others', () => {
    const turned = (pictures: 'inline' | 'none') => forScheme('', 'inverted', pictures);
    expect(turned('inline')).toMatch(/^<style>img:not\(\[src\^="http:" i\][^<]*\{filter:invert/);
    expect(turned('none')).toBe('');
  });

  test('is drawn on a canvas of that scheme where it says that it can be', () => {
    expect(forScheme(':root{color-scheme:light dark}', 'dark')).toBe(':root{color-scheme:only dark}');
    expect(forScheme('<p style="color-scheme: light dark">', 'light')).toBe(
      '<p style="color-scheme:only light">',
    );
    expect(forScheme('<META name="color-scheme" content="light dark">', 'dark')).toBe(
      '<meta name="color-scheme" content="only dark">',
    );
  });

  test('that knows only light stays light', () => {
    for (const html of ['<p>x', ':root{color-scheme:light}', '<meta name="color-scheme" content="light">'])
      expect(forScheme(html, 'dark')).toBe(html);
    expect(forScheme('p{my-color-scheme:dark}', 'dark')).toBe('p{my-color-scheme:dark}');
  });

  test.each(['(prefers-color-scheme', 'color-scheme: light ', '<meta ', '<meta color-scheme ', '( '])(
    'is made in a moment, however much of %s there is',
    (piece) => {
      const started = cpuNow();
      forScheme(piece.repeat(200_000), 'dark');
      expect(cpuNow() - started).toBeLessThan(2000);
    },
  );
});
