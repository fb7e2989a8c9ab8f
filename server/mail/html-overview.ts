// What an HTML body points to, and of how many elements it is made: for the checks of other tools.
import { Parser } from 'htmlparser2';
import { cutHtml } from './cut-html.ts';

/** So much is looked at: the rest of a hostile message is left alone. */
const limits = { length: 1024 * 1024, tags: 40_000 };

export interface HtmlOverview {
  /** How many there are of each element. */
  elements: Map<string, number>;
  /** Those that a browser would run. */
  scripts: number;
  /** As they stand: of anchors, style sheets and images. */
  anchors: string[];
  styles: string[];
  images: string[];
}

const dataTypes = /^application\/(?:ld\+)?json$/;

export function overviewHtml(html: string): HtmlOverview {
  const found: HtmlOverview = { elements: new Map(), scripts: 0, anchors: [], styles: [], images: [] };
  const add = (list: string[], url: string | undefined): void => void (url !== undefined && list.push(url));
  const parser = new Parser({
    onopentag(name, { href, src, rel, type = '' }) {
      found.elements.set(name, (found.elements.get(name) ?? 0) + 1);
      if (name === 'script' && !dataTypes.test(type)) found.scripts += 1;
      if (name === 'a') add(found.anchors, href);
      if (name === 'link' && rel === 'stylesheet') add(found.styles, href);
      if (name === 'img') add(found.images, src);
    },
  });
  parser.end(cutHtml(html, limits));
  return found;
}
