// The table, and what the project wants to reach.
import { format, median } from './numbers.mjs';
import { searchRows } from './search.mjs';

const valueOf = (results, key, server = 'mailscope') => {
  const values = results.rows.get(key)?.values[server];
  return values ? median(values) : null;
};

/** How many times better ours is: more than 1 is better, whichever way the unit goes. */
function ratioOf(row, peer) {
  const { mailscope: ours, [peer]: theirs } = row.values;
  if (!row.better || !ours || !theirs) return null;
  const [here, there] = [median(ours), median(theirs)];
  // An event may come before its 250: such a time has no ratio.
  if (here <= 0 || there <= 0) return null;
  const ratio = here / there;
  return row.better === 'more' ? ratio : 1 / ratio;
}

export function printTable(results, servers) {
  const names = servers.map(({ name }) => name);
  const peers = names.filter((name) => name !== 'mailscope');
  const header = ['median of the rounds', 'unit', ...names, ...peers.map((name) => `x ${name}`), 'rounds'];
  const lines = [...results.rows.values()].map((row) => [
    row.title,
    row.unit,
    ...names.map((name) => (row.values[name] ? format(median(row.values[name])) : '-')),
    ...peers.map((name) => format(ratioOf(row, name))),
    String(row.values.mailscope?.length ?? 0),
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...lines].map((cells) => cells[column].length)),
  );
  const write = (cells) =>
    console.log(
      cells
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  '),
    );
  write(header);
  write(widths.map((width) => '-'.repeat(width)));
  lines.forEach(write);
  if (peers.length > 0) console.log('x: how many times better than that server; under 1 is worse.');
  for (const note of results.notes) console.log(note);
}

/** What the page may do at most and still be called smooth: nothing that a person feels as a halt. */
const smooth = { task: 100, dropped: 20 };

export function judge(results) {
  const ratio = (key) => {
    const row = results.rows.get(key);
    return row ? ratioOf(row, 'maildev') : null;
  };
  const atLeast = (goal, value, least, unit) => ({
    goal,
    value,
    unit,
    reached: value === null ? null : value >= least,
  });
  const under = (goal, value, most, unit) => ({
    goal,
    value,
    unit,
    reached: value === null ? null : value < most,
  });
  const search = (suffix) => {
    const values = searchRows
      .map((key) => valueOf(results, `${key}-${suffix}`))
      .filter((value) => value !== null);
    return values.length === 0 ? null : Math.max(...values);
  };
  const browser = (suffix) => {
    const values = ['scroll', 'scroll-all', 'arrive'].map((key) => valueOf(results, `${key}-${suffix}`));
    // Beyond what the machine lets an empty page drop.
    const blank = suffix === 'dropped' ? valueOf(results, 'blank-dropped') : 0;
    return values.includes(null) ? null : Math.max(0, Math.max(...values) - blank);
  };
  const most = (...keys) => {
    const values = keys.map((key) => valueOf(results, key)).filter((value) => value !== null);
    return values.length === 0 ? null : Math.max(...values);
  };
  const [clear, tls] = [valueOf(results, 'clear-keep-10-10'), valueOf(results, 'tls-keep-10-10')];
  const value = (key) => valueOf(results, key);
  return [
    atLeast('one connection per message, 1 lane: 30 times maildev', ratio('single-1-10'), 30, 'times'),
    atLeast(
      'one connection per message, 10 lanes: 10 times maildev (aim 15)',
      ratio('single-10-10'),
      10,
      'times',
    ),
    atLeast('the same of processes that have run for some seconds', ratio('single-10-10-warm'), 10, 'times'),
    atLeast(
      'kept connections, 10 lanes, 10 KB: 2.5 times maildev (aim 5)',
      ratio('keep-10-10'),
      2.5,
      'times',
    ),
    atLeast('the same of processes that have run for some seconds', ratio('keep-10-10-warm'), 2.5, 'times'),
    atLeast(
      'kept connections over TLS: half of plain',
      clear === null || tls === null ? null : tls / clear,
      0.5,
      'of plain',
    ),
    under('connect to 250, p50: under 3 ms', value('accept-p50'), 3, 'ms'),
    under(
      'HTTP at an offered 500 mails a second, p99: under 10 ms',
      // Less mail than was offered is another load.
      (value('http-rate') ?? 0) < 475 ? null : most('http-list-p99', 'http-message-p99'),
      10,
      'ms',
    ),
    atLeast('25 MB through DATA: 50 MB/s', value('big'), 50, 'MB/s'),
    under('start to accepting: under 700 ms', value('start'), 700, 'ms'),
    under('idle RSS: under 120 MB', toMegabytes(value('rss-idle')), 120, 'MB'),
    under('the package, packed: under 2 MB', value('packed'), 2, 'MB'),
    under('the package, installed: under 60 MB', value('installed'), 60, 'MB'),
    under('npx of the packed tarball, empty cache: ready in under 3 s', value('npx'), 3, 's'),
    under('list and search with 100,000 messages, slowest p50: under 50 ms', search('p50'), 50, 'ms'),
    under('list and search with 100,000 messages, slowest p99: under 50 ms', search('p99'), 50, 'ms'),
    under(`browser with 20,000 messages: no task over ${smooth.task} ms`, browser('task'), smooth.task, 'ms'),
    under(
      `browser with 20,000 messages: under ${smooth.dropped} dropped frames in 200, beyond an empty page`,
      browser('dropped'),
      smooth.dropped,
      'frames',
    ),
    ...scaleGoals({ value, most, atLeast, under }),
  ];
}

/** Asked for alone: they take long. */
function scaleGoals({ value, most, atLeast, under }) {
  if (value('scale-messages') === null) return [];
  const [empty, full] = [value('scale-rate-empty'), value('scale-rate')];
  const stalls = ['stall', 'prune-stall', 'delete-stall', 'purge-stall', 'purge-after-stall'];
  return [
    under(
      'scale: first page and page at any depth, p99: under 5 ms',
      most('scale-first-p99', 'scale-deep-p99'),
      5,
      'ms',
    ),
    under('scale: search for words, p99: under 10 ms', value('scale-search-p99'), 10, 'ms'),
    atLeast(
      'scale: mail is taken at half the rate of an empty store',
      empty && full ? full / empty : null,
      0.5,
      'of empty',
    ),
    under(
      'scale: worst time to a 250: under 200 ms',
      most(...stalls.map((key) => `scale-${key}`)),
      200,
      'ms',
    ),
    under('scale: start to accepting: under 1 s', value('scale-start'), 1000, 'ms'),
  ];
}

const toMegabytes = (mib) => (mib === null ? null : (mib * 2 ** 20) / 1e6);

export function printGoals(goals) {
  console.log('\ngoals');
  const width = Math.max(...goals.map(({ goal }) => goal.length));
  for (const { goal, value, unit, reached } of goals) {
    const verdict = reached === null ? 'not measured' : reached ? 'reached' : 'MISSED';
    console.log(
      `  ${goal.padEnd(width)}  ${verdict.padEnd(12)}  ${value === null ? '' : `${format(value)} ${unit}`}`,
    );
  }
}
