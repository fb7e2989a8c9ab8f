// The transcript of a session as text, of as many pages as it has, read as one.
import type { Client } from './client.ts';

const pageLines = 5000;
const maxPages = 20;
/** Of a session with more, the text says where it goes on. */
export const maxTextLines = pageLines * maxPages;
/** How a page begins and where it says that it is not all: once is enough. */
const head = /^Session .*\nTimes are .*\n/;
const goesOn = /^\.\.\. more lines: .*\n?$/m;
const phase = /^ +---- .* ----$/gm;

export async function readSessionText(
  client: Pick<Client, 'readTranscriptText'>,
  { id, lines }: { id: string; lines: number },
): Promise<string> {
  let text = '';
  for (
    let from = 0, page = 0;
    page === 0 || (from < lines && page < maxPages);
    from += pageLines, page += 1
  ) {
    const query = { limit: pageLines, ...(from > 0 ? { cursor: String(from) } : {}) };
    const next = await client.readTranscriptText({ params: { id }, query });
    text = page === 0 ? next : join(text, next);
  }
  return text;
}

function join(text: string, next: string): string {
  const before = text.replace(goesOn, '');
  const after = next.replace(head, '');
  const last = before.match(phase)?.at(-1);
  const isSamePhase = last !== undefined && after.startsWith(`${last}\n`);
  return before + (isSamePhase ? after.slice(last.length + 1) : after);
}
