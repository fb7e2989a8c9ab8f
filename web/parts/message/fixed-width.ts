// How wide a mail is whatever the screen, so that a narrow one shows it smaller, as phones do. Its document tells nobody
// (it has no origin), so a copy of its boxes is measured, out of sight.
import { copyBoxes } from './box-copy.ts';

/** It takes a second of the page. */
const maxHtml = 500_000;
const widest = 1200;
/** A wider one may have other styles, and be wider again. */
const rounds = 3;

/** Null for a mail that fits itself to the screen. */
export function findFixedWidth(html: string, screen: { width: number; height: number }): number | null {
  if (html.length > maxHtml || screen.width === 0) return null;
  const mail = new DOMParser().parseFromString(html, 'text/html');
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-same-origin');
  frame.style.cssText = `position:fixed;visibility:hidden;border:0;height:${screen.height}px`;
  document.body.append(frame);
  try {
    const copy = frame.contentDocument;
    if (copy === null) return null;
    copy.open();
    copy.write(mail.compatMode === 'BackCompat' ? '<body>' : '<!doctype html><body>');
    copy.close();
    copyBoxes(mail, copy);
    let { width } = screen;
    for (let round = 0; round < rounds; round++) {
      frame.style.width = `${width}px`;
      const needed = copy.scrollingElement?.scrollWidth ?? 0;
      if (needed <= width) break;
      width = Math.min(widest, needed);
    }
    return width > screen.width ? width : null;
  } catch {
    // A browser that lacks what this takes shows the mail as wide as it is.
    return null;
  } finally {
    frame.remove();
  }
}
