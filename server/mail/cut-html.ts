/** The beginning of an HTML, up to a length and a number of tags: parsers take more than linear time in the depth. */
export function cutHtml(html: string, most: { length: number; tags: number }): string {
  let at = -1;
  for (let tags = 0; tags < most.tags; tags++) {
    at = html.indexOf('<', at + 1);
    if (at < 0 || at > most.length) return html.slice(0, most.length);
  }
  return html.slice(0, at);
}
