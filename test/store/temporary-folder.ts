import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore } from '../../server/store/open.ts';
import type { ForTests } from '../../server/store/threads/protocol.ts';
import type { DurableEvent } from '../../shared/events.ts';

/** Removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function openFolder(data: string, internal: ForTests = {}) {
  const events: DurableEvent[] = [];
  const notices: string[] = [];
  const unparsed: string[] = [];
  const store = await openStore(
    {
      data,
      onEvents: (told) => events.push(...told),
      onNotice: (text) => notices.push(text),
      onUnparsed: (id) => unparsed.push(id),
    },
    internal,
  );
  return { store, events, notices, unparsed };
}
