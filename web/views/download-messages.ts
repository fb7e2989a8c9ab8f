// Messages as files: one as it came, several as one mbox.
import { saveFile } from '../parts/list/save-file.ts';
import type { App } from '../state/app.svelte.ts';
import type { Mbox } from '../state/mbox.svelte.ts';

export async function downloadMessages({ client, inbox }: App, mbox: Mbox, ids: string[]): Promise<void> {
  const [only] = ids;
  if (ids.length === 1 && only)
    return saveFile(
      client.urlOf('readRaw', { params: { id: only }, query: { download: 'true' } }),
      `${only}.eml`,
    );
  const file = await mbox.make(ids, (one) => inbox.list.find(one));
  if (file) saveFile(file, `mailscope-${ids.length}-messages.mbox`);
}
