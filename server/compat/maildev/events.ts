// maildev's events on the default namespace of socket.io. Version 2 sends the email, version 3 its summary; what is
// sent here has the fields of both.
import type { News } from '../news.ts';
import type { CompatParts } from '../parts.ts';
import { emailV2, summaryV3 } from './email.ts';

export type Emit = (event: string, ...values: unknown[]) => void;

/** Returns the way to stop. */
export const serveMaildevClient = (parts: CompatParts, news: News, emit: Emit): (() => void) =>
  news.listen({
    added(message) {
      void Promise.all([summaryV3(parts, message), emailV2(parts, message)]).then(
        ([summary, email]) => emit('newMail', { ...summary, ...email }),
        () => undefined,
      );
    },
    marked(ids, { read }) {
      if (read !== true) return;
      if (ids === null) emit('readAllMail');
      else for (const id of ids) emit('readMail', { id });
    },
    deleted(ids) {
      if (ids === null) emit('deleteMail', { id: 'all' });
      else for (const id of ids) emit('deleteMail', { id });
    },
  });
