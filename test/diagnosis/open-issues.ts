// Issues over a store in memory whose disk can fail, and what was told of them.
import { Issues, type IssueStore } from '../../server/diagnosis/issues.ts';
import { sightingsOf, type Place } from '../../server/diagnosis/sighting.ts';
import { openStore } from '../../server/store/open.ts';
import type { DurableEvent } from '../../shared/events.ts';
import type { Found } from '../../shared/finding.ts';
import { issue as issueSchema } from '../../shared/issue.ts';

export const noDate = (more: Partial<Found> = {}): Found => ({
  rule: 'header.no-date',
  severity: 'warning',
  confidence: 1,
  evidence: [{ kind: 'missing-header', header: 'Date' }],
  vars: {},
  ...more,
});

export const rejected = (reason: string, more: Partial<Found> = {}): Found => ({
  rule: 'tls.certificate-rejected',
  severity: 'blocker',
  confidence: 0.9,
  evidence: [{ kind: 'line', n: 4 }],
  vars: { how: 'with the alert unknown_ca', reason },
  ...more,
});

/** The second of January, and so many seconds. */
const startUs = Date.UTC(2026, 0, 2) * 1000;
export const placeAt = (seconds: number, more: Partial<Place> = {}): Place => ({
  subject: 'app.example',
  sessionId: `s_${seconds}`,
  messageId: null,
  atUs: startUs + seconds * 1_000_000,
  ...more,
});
export const timeAt = (seconds: number): string => new Date(startUs / 1000 + seconds * 1000).toISOString();

export async function openIssues() {
  const events: DurableEvent[] = [];
  const seen: [id: string, count: number][] = [];
  const said: string[] = [];
  const store = await openStore({
    data: ':memory:',
    onEvents: (told) => events.push(...told),
    onNotice: () => undefined,
  });
  const disk = { problem: null as string | null };
  const failing: IssueStore = {
    ...store.issues,
    saveIssues(...given) {
      if (disk.problem !== null) return Promise.reject(new Error(disk.problem));
      return store.issues.saveIssues(...given);
    },
  };
  const on = {
    seen: ({ id, count }: { id: string; count: number }) => void seen.push([id, count]),
    saved: () => void said.push('saved'),
    failed: (error: unknown) => void said.push((error as Error).message),
  };
  const issues = new Issues(failing, on);
  return {
    ...{ issues, store, events, seen, said, disk },
    see(found: Found[], place: Place) {
      for (const sighting of sightingsOf(found, place)) issues.see(sighting);
    },
    all: () => issues.list({ limit: 5000 }).items,
    /** As another run finds them. */
    async reopened(): Promise<Issues> {
      const again = new Issues(failing, on);
      again.open((await store.issues.loadIssues()).map((one) => issueSchema.parse(one)));
      return again;
    },
    async [Symbol.asyncDispose]() {
      await issues[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}
