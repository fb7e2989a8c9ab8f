// A Mailscope with 20,000 messages: its list over the API, and its page in a browser.
import { getJson, waitForParse } from './api.mjs';
import { measureBrowser } from './browser.mjs';
import { createMail, pour } from './load.mjs';
import { residentMiB } from './machine.mjs';
import { median, percentile } from './numbers.mjs';
import { withServer } from './servers.mjs';

const count = 20_000;

export async function measureMany({ servers, base, results, quick, sections, findBrowser }) {
  const kind = servers.find(({ name }) => name === 'mailscope');
  await withServer(
    kind,
    base,
    async (server) => {
      const took = await pour({
        port: server.port,
        lanes: 20,
        messages: count,
        keep: true,
        wire: (n) => createMail({ n, size: 1500 }),
      });
      const parsed = await waitForParse(server.http, quick ? 5000 : 40_000);
      const parsing =
        parsed === null ? 'and are still being parsed' : `all parsed ${(parsed / 1000).toFixed(1)} s later`;
      results.note(`${count} messages were stored in ${took.toFixed(1)} s, ${parsing}.`);
      const memory = { title: `RSS with ${count} messages stored`, unit: 'MiB' };
      results.add('rss-many', memory, kind.name, residentMiB(server.pid));
      if (sections.has('list')) await measureList(server, results, quick);
      if (sections.has('browser')) await measureBrowser(server, { results, count, findBrowser });
    },
    { flags: ['--max-messages', '0'] },
  );
}

/** A page of the newest, and pages at the far end: keyset pages are to cost the same at any depth. */
async function measureList({ http }, results, quick) {
  const limit = 100;
  const page = async (cursor) => {
    const startedAt = performance.now();
    const { nextCursor } = await getJson(
      `${http}/api/messages?limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`,
    );
    return { ms: performance.now() - startedAt, nextCursor };
  };
  const cursors = [];
  for (let cursor; cursor !== null;) {
    cursor = (await page(cursor)).nextCursor;
    if (cursor) cursors.push(cursor);
  }
  const add = (key, title, times) => {
    const row = (suffix) => ({
      title: `${title}, ${limit} of ${count} messages, ${suffix}`,
      unit: 'ms',
      better: 'less',
    });
    results.add(`${key}-p50`, row('p50'), 'mailscope', median(times));
    results.add(`${key}-p99`, row('p99'), 'mailscope', percentile(times, 0.99));
  };
  const times = { newest: [], deep: [] };
  const deep = cursors.slice(-20);
  for (let n = 0; n < (quick ? 60 : 200); n++) {
    times.newest.push((await page()).ms);
    times.deep.push((await page(deep[n % deep.length])).ms);
  }
  add('page-newest', 'newest page', times.newest);
  add('page-deep', 'page at the far end', times.deep);
}
