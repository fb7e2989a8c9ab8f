// What an HTML body points to: for the checks of other tools.
import { Parser } from 'htmlparser2';
import { cutHtml } from './cut-html.ts';

/** So much is looked at: the rest of a hostile message is left alone. */
const limits = { length: 1024 * 1024, tags: 40_000 };

export interface HtmlOverview {
  /** As they stand: of anchors, style sheets and images. */
  anchors: string[];
  styles: string[];
  images: string[];
}

export function overviewHtml(html: string): HtmlOverview {
  const found: HtmlOverview = { anchors: [], styles: [], images: [] };
  const add = (list: string[], url: string | undefined): void => void (url !== undefined && list.push(url));
  const parser = new Parser({
    onopentag(name, { href, src, rel }) {
      if (name === 'a') add(found.anchors, href);
      if (name === 'link' && rel === 'stylesheet') add(found.styles, href);
      if (name === 'img') add(found.images, src);
    },
  });
  parser.end(cutHtml(html, limits));
  return found;
}
