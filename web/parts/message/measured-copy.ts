// The document of a mail tells nobody how large it is (it has no origin), so a copy of its boxes is measured, out of sight.
import { copyBoxes } from './box-copy.ts';

/** It takes a second of the page. */
const maxHtml = 500_000;

interface Copy {
  frame: HTMLIFrameElement;
  copy: Document;
  mail: Document;
}

/** Null for a mail that is too long, and in a browser that lacks what this takes. */
export function measureCopy<Measure>(
  html: string,
  height: number,
  measure: (made: Copy) => Measure,
): Measure | null {
  if (html.length > maxHtml) return null;
  const mail = new DOMParser().parseFromString(html, 'text/html');
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-same-origin');
  frame.style.cssText = `position:fixed;visibility:hidden;border:0;height:${height}px`;
  document.body.append(frame);
  try {
    const copy = frame.contentDocument;
    if (copy === null) return null;
    copy.open();
    copy.write(mail.compatMode === 'BackCompat' ? '<body>' : '<!doctype html><body>');
    copy.close();
    copyBoxes(mail, copy);
    return measure({ frame, copy, mail });
  } catch {
    return null;
  } finally {
    frame.remove();
  }
}
