// The short table of the README, from what was measured.
import { format, median } from './numbers.mjs';

const lines = [
  ['single-1-10', 'one connection per message, 1 lane, 10 KB', 'msg/s'],
  ['single-10-10', 'one connection per message, 10 lanes, 10 KB', 'msg/s'],
  ['keep-10-10', 'kept connections, 10 lanes, 10 KB', 'msg/s'],
  ['tls-keep-10-10', 'the same over TLS', 'msg/s'],
  ['accept-p50', 'connect to 250, p50', 'ms'],
  ['list-p50', '250 to row in the API, p50', 'ms'],
  ['http-list-p99', 'list over HTTP at 500 mails/s, p99', 'ms'],
  ['big', '25 MB through DATA', 'MB/s'],
  ['start', 'start to accepting', 'ms'],
  ['rss-idle', 'RSS when idle', 'MiB'],
  ['installed', 'installed', 'MB'],
];

/** `rates`: written without more digits than they are good for. */
const write = (value, unit) => (value === null ? '' : `${format(value)} ${unit}`);

export function printMarkdown(results, servers, { date, processors, model, node }, sync) {
  const valueOf = (key, server) => {
    const values = results.rows.get(key)?.values[server];
    return values ? median(values) : null;
  };
  const names = servers.map(({ name, version }) => (name === 'maildev' ? `${name} ${version}` : name));
  console.log(`\n| | ${names.map((name) => name.replace('mailscope', 'Mailscope')).join(' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(names.length)}`);
  for (const [key, title, unit] of lines) {
    if (!results.rows.has(key)) continue;
    const cells = servers.map(({ name }) => write(valueOf(key, name), unit));
    console.log(`| ${title} | ${cells.join(' | ')} |`);
  }
  console.log(
    `\n${date.slice(0, 10)}, ${processors} x ${model}, Node ${node.slice(1)}, fdatasync ${format(sync.before.p50)} ms. ` +
      'Mailscope answers 250 after a durable commit; maildev does not sync; smtp-sink keeps nothing.',
  );
}
