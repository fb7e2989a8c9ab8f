// How wide a mail is whatever the screen, so that a narrow one shows it smaller, as phones do.
import { measureCopy } from './measured-copy.ts';

const widest = 1200;
/** A wider one may have other styles, and be wider again. */
const rounds = 3;

/** Null for a mail that fits itself to the screen. Where it cannot be measured, it is shown as wide as it is. */
export function findFixedWidth(html: string, screen: { width: number; height: number }): number | null {
  if (screen.width === 0) return null;
  return measureCopy(html, screen.height, ({ frame, copy }) => {
    let { width } = screen;
    for (let round = 0; round < rounds; round++) {
      frame.style.width = `${width}px`;
      const needed = copy.scrollingElement?.scrollWidth ?? 0;
      if (needed <= width) break;
      width = Math.min(widest, needed);
    }
    return width > screen.width ? width : null;
  });
}
