// Gives other tools' APIs what they are made from.
import type { Message } from '../shared/message.ts';
import type { Status } from '../shared/status.ts';
import { openCompat, type Compat } from './compat/open-compat.ts';
import type { CompatFaults } from './compat/parts.ts';
import type { Events } from './events.ts';
import { cidUrls } from './http/mail-frame.ts';
import type { Log } from './log.ts';
import { htmlAsText } from './mail/html-as-text.ts';
import { overviewHtml } from './mail/html-overview.ts';
import { parseAddresses } from './mail/addresses.ts';
import { contentDisposition } from './mail/content-type.ts';
import { decodePart, decodePartText } from './mail/decode-part.ts';
import { decodeWords } from './mail/encoded-words.ts';
import { csp, frameHtml } from './mail/frame.ts';
import { formatCursor } from './store/cursors.ts';
import type { Store } from './store/store.ts';
import type { Submission } from './submission.ts';
import { withinTime } from './within-time.ts';

const mostAddresses = 10_000;
const stylePatienceMs = 1000;

/** How messages and their parts are shown; the web side needs the same. */
export const mailForms = {
  frameHtml: ({ html }: Message, cidUrl: (contentId: string) => string | undefined): string =>
    frameHtml(html ?? '', (id) => cidUrl(id) ?? null).html,
  csp: ({ cidBase, remote }: { cidBase: string; remote: boolean }): string => csp(remote, cidBase),
  decodePart,
  contentDisposition,
};

export function createGuests(
  parts: {
    store: Store;
    faults: CompatFaults;
    events: Events;
    log: Log;
    settled(id: string): Promise<void>;
    status(): Promise<Status>;
  },
  submission: Submission,
  options: { primary: 'mailpit' | 'mailhog'; maxSize: number },
): Compat {
  const { store, faults, events, log, settled, status } = parts;
  return openCompat(
    {
      ...mailForms,
      ...{ faults, settled, status, events, log },
      cidUrls: (message) => cidUrls(message, null),
      submit: async ({ raw, ...envelope }) =>
        (await submission.store([raw], { ...envelope, origin: 'api' })).id,
      ...{ decodePartText, decodeWords },
      htmlAsText,
      overviewHtml,
      // Rarely asked for, and its parser of style sheets is large.
      async styleHtml(html) {
        const { styleHtml } = await import('./mail/style-html.ts');
        const done = withinTime(stylePatienceMs, () => styleHtml(html));
        return done.ok ? done.value : undefined;
      },
      parseAddresses: (text, asGroups) => parseAddresses(text, mostAddresses, asGroups),
      store: {
        listMessages: (ask) => store.listMessages(ask),
        findMessage: (id) => store.findMessage(id),
        findBody: (id) => store.findBody(id),
        findSessionSummary: (id) => store.findSessionSummary(id),
        markMessages: (which, marks) => store.markMessages(which, marks),
        deleteMessages: (which, purge) => store.deleteMessages(which, purge),
        counts: () => store.counts(),
        async findBySeq(seq) {
          const cursor = formatCursor('m', seq + 1);
          const [found] = (await store.listMessages({ limit: 1, cursor })).items;
          return found?.seq === seq ? found.id : undefined;
        },
      },
    },
    options,
  );
}
