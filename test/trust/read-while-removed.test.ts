// Hundreds of reads of messages that are deleted, purged and expire meanwhile: each is answered with the message or with
// its absence, and nothing else goes wrong.
import { expect, test } from 'vitest';
import { pour } from '../load/pour.ts';
import { startMailscope, temporaryFolder } from '../process/mailscope.ts';

const reads = 500;
const rounds = 2;
const most = 30;
/** HTML, and a file; every third is so large that its body is a file on the disk, too. */
const message = (n: number): string =>
  [
    `Subject: read ${n}`,
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/html',
    '',
    `<p>Hello ${n}</p>`,
    '--b',
    'Content-Type: application/octet-stream',
    '',
    'x'
      .repeat(70)
      .concat('\r\n')
      .repeat(n % 3 === 0 ? 20_000 : 10),
    '--b--',
    '',
  ].join('\r\n');

const pathsOf = (id: string): string[] => [
  `/api/messages/${id}`,
  `/api/messages/${id}/raw`,
  `/api/messages/${id}/parts/1`,
  `/api/messages/${id}/parts/2`,
  `/mail/${id}`,
  `/mail/${id}?view=text`,
  `/view/${id}.html`,
  `/api/v1/message/${id}`,
  `/email/${id}/html`,
];

test(`${reads} reads at once of messages that go meanwhile are answered 200, or 404 once they are gone`, async () => {
  await using folder = await temporaryFolder();
  await using mailscope = await startMailscope(folder.path, ['--max-messages', String(most)]);
  const { client, ready } = mailscope;
  const codes = new Map<number, number>();
  const read = async (path: string): Promise<void> => {
    const answer = await fetch(ready.http + path);
    // Cut off in the middle is a file that was removed under its reader.
    const { byteLength } = new Uint8Array(await answer.arrayBuffer());
    const told = answer.headers.get('content-length');
    if (told !== null) expect(byteLength).toBe(Number(told));
    codes.set(answer.status, (codes.get(answer.status) ?? 0) + 1);
    expect([200, 302, 404], `${path} ${answer.status}`).toContain(answer.status);
  };
  for (let round = 0; round < rounds; round++) {
    await pour(mailscope.ports[0]!, { lanes: 6, count: most, message });
    const ids = (await client.listMessages({ query: { limit: most } })).items.map(({ id }) => id);
    for (const id of ids) await client.readMessage({ params: { id } });
    const removing = [
      client.deleteMessages({ body: { ids: ids.slice(0, 8) } }),
      client.deleteMessages({ body: { ids: ids.slice(8, 16), purge: true } }),
      ...ids.slice(16, 20).map((id) => client.deleteMessage({ params: { id }, query: { purge: 'true' } })),
      client.restoreMessages({ body: { ids: ids.slice(0, 4) } }),
      // Those that are left expire.
      pour(mailscope.ports[0]!, { lanes: 2, count: most, message }),
    ];
    const reading = Array.from({ length: reads }, (_, n) => {
      const paths = pathsOf(ids[n % ids.length]!);
      return read(paths[Math.floor(n / ids.length) % paths.length]!);
    });
    await Promise.all([...reading, ...removing]);
    await expect
      .poll(async () => (await client.readStatus()).messages, { timeout: 30_000 })
      .toBeLessThanOrEqual(most);
  }
  console.log(
    `${rounds * reads} reads: ${[...codes].map(([code, count]) => `${count} times ${code}`).join(', ')}`,
  );
  // Both were seen: what was there, and what no longer was.
  expect(codes.get(200) ?? 0).toBeGreaterThan(reads / 10);
  expect(codes.get(404) ?? 0).toBeGreaterThan(reads / 20);
  expect(mailscope.err).toBe('');
  expect(mailscope.child.exitCode).toBeNull();
});
