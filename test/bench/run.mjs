// npm run bench: Mailscope beside maildev and Postfix's smtp-sink, in turn, in one run. README.md says how to read it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { closeApi } from './api.mjs';
import { measureBig } from './big.mjs';
import { findChromium } from './browser.mjs';
import { measureHttp } from './http-load.mjs';
import { measureInstall } from './install.mjs';
import { measureLatency } from './latency.mjs';
import { describeMachine, isInMemory, measureSync } from './machine.mjs';
import { measureMany } from './many.mjs';
import { printMarkdown } from './markdown.mjs';
import { format } from './numbers.mjs';
import { killAll } from './processes.mjs';
import { measureRates } from './rates.mjs';
import { judge, printGoals, printTable } from './report.mjs';
import { createResults } from './rounds.mjs';
import { maildev, mailscope, smtpSink } from './servers.mjs';
import { measureScale } from './scale.mjs';
import { measureSearch } from './search.mjs';
import { sourceName } from './source.mjs';
import { measureStartup } from './startup.mjs';
import { measureTls } from './tls.mjs';

/** Sections in their order, with their share of the time. `list` and `browser` look at one and the same server. */
const sections = [
  { names: ['startup'], share: 0.07, measure: measureStartup },
  { names: ['install'], share: 0.07, measure: measureInstall },
  { names: ['rates'], share: 0.4, measure: measureRates },
  { names: ['latency'], share: 0.06, measure: measureLatency },
  { names: ['http'], share: 0.1, measure: measureHttp },
  { names: ['tls'], share: 0.18, measure: measureTls },
  { names: ['big'], share: 0.05, measure: measureBig },
  { names: ['list', 'browser'], share: 0.13, measure: measureMany },
  { names: ['search'], share: 0.1, measure: measureSearch },
  { names: ['scale'], alone: true, share: 1, measure: measureScale },
];
const names = sections.flatMap((section) => section.names);
/** The others are asked for by name. */
const usual = sections.flatMap((section) => (section.alone ? [] : section.names));

/** What the first run of `search` may take on top, to make what it searches in. */
const fillSeconds = 300;
/** What a store of a million messages takes to be filled, looked at and emptied. */
const scaleSeconds = 3 * 3600;

const help = `npm run bench -- [options]
  --quick        about 1 minute instead of 5: one round, fewer rows
  --only NAME    only this section, can be repeated: ${names.join(', ')}
  --dir DIR      where the data folders are made (default: ${tmpdir()}); it should be on a real disk
  --messages N   how many messages \`scale\` puts in one store (default: 1000000)
  --markdown     also print the table of the README
  --no-maildev   leave maildev out, and do not install it
  --json FILE    write all values there`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      dir: { type: 'string', default: tmpdir() },
      'no-maildev': { type: 'boolean', default: false },
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      messages: { type: 'string', default: '1000000' },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.only.find((name) => !names.includes(name));
  if (unknown) throw new Error(`There is no section "${unknown}". The sections are ${names.join(', ')}.`);
  if (!/^[1-9]\d{2,7}$/.test(values.messages)) throw new Error('--messages is a number from 100 up.');
  return values;
}

async function findServers(base, withMaildev, note) {
  const servers = [mailscope(join(base, 'config'))];
  if (withMaildev)
    try {
      servers.push(await maildev());
    } catch (error) {
      note(`*** WITHOUT maildev: it could not be installed (${error.message.split('\n')[0]}) ***`);
    }
  const sink = smtpSink();
  if (sink) servers.push(sink);
  else note('*** WITHOUT smtp-sink: it is in the Debian package postfix ***');
  return servers;
}

/** Others on the machine, and a slow disk, move every number: both are measured before and after. */
function printMachine(machine, sync, servers) {
  const { date, processors, model, memoryGiB, system, node } = machine;
  console.log(`${date}, ${processors} x ${model}, ${memoryGiB} GiB, ${system}, node ${node}`);
  const before = `p50 ${format(sync.before.p50)} ms, p99 ${format(sync.before.p99)} ms`;
  const after = `p50 ${format(sync.after.p50)} ms, p99 ${format(sync.after.p99)} ms`;
  console.log(`4 KiB write and fdatasync in the data folder: ${before}; at the end ${after}`);
  const { load, loadAtEnd } = machine;
  const busy = load > processors / 2 ? ' *** BUSY: trust the ratios only ***' : '';
  console.log(`load of the machine before the run ${format(load)}, at the end ${format(loadAtEnd)}${busy}`);
  console.log(
    `${servers.map(({ name, version }) => (version ? `${name} ${version}` : name)).join(', ')}; load: ${sourceName}. ` +
      'Mailscope answers 250 after a durable commit; maildev does not sync; smtp-sink keeps nothing.\n',
  );
}

async function bench(options, base) {
  const results = createResults();
  const wanted = new Set(options.only.length > 0 ? options.only : usual);
  const totalSeconds = options.quick ? 60 : 300;
  if (isInMemory(base))
    results.note(`*** ${base} is in memory: commits cost nothing there. Give --dir on a real disk. ***`);
  const servers = await findServers(base, !options['no-maildev'], results.note);
  const machine = describeMachine();
  const sync = { before: measureSync(base), after: null };
  let failed = false;
  // Whatever hangs, the run ends, and says what it has.
  let limit;
  const late = new Promise((_, reject) => {
    const longer = (wanted.has('search') ? fillSeconds : 0) + (wanted.has('scale') ? scaleSeconds : 0);
    const seconds = Math.max(180, 2 * totalSeconds) + longer;
    limit = setTimeout(() => reject(new Error(`the bench took more than ${seconds} s`)), seconds * 1000);
  });
  late.catch(killAll);
  for (const section of sections) {
    const chosen = new Set(section.names.filter((name) => wanted.has(name)));
    if (chosen.size === 0) continue;
    const startedAt = performance.now();
    process.stderr.write(`measuring ${[...chosen].join(' and ')} ... `);
    const seconds = totalSeconds * section.share;
    const context = {
      servers,
      base,
      results,
      quick: options.quick,
      seconds,
      sections: chosen,
      messages: Number(options.messages),
      findBrowser: findChromium,
    };
    try {
      await Promise.race([section.measure(context), late]);
    } catch (error) {
      failed = true;
      results.note(`*** BROKEN: ${[...chosen].join(' and ')}: ${error.stack} ***`);
    }
    console.error(`${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
  clearTimeout(limit);
  closeApi();
  sync.after = measureSync(base);
  machine.loadAtEnd = loadavg()[0];
  printMachine(machine, sync, servers);
  printTable(results, servers);
  const goals = judge(results);
  printGoals(goals);
  if (options.markdown) printMarkdown(results, servers, machine, sync);
  if (options.json) {
    const rows = Object.fromEntries(results.rows);
    const versions = Object.fromEntries(servers.map(({ name, version }) => [name, version]));
    const all = {
      machine,
      sync,
      load: sourceName,
      versions,
      quick: options.quick,
      rows,
      notes: results.notes,
      goals,
    };
    writeFileSync(resolve(options.json), `${JSON.stringify(all, null, 2)}\n`);
  }
  return failed ? 1 : 0;
}

async function main() {
  const options = readOptions();
  if (options.help) {
    console.log(help);
    return 0;
  }
  const base = mkdtempSync(join(resolve(options.dir), 'mailscope-bench-'));
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      killAll();
      rmSync(base, { recursive: true, force: true });
      process.exit(130);
    });
  try {
    return await bench(options, base);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`${error.message}\n\n${help}`);
    process.exit(1);
  },
);
