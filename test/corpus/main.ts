// `npm run corpus -- PATH...`: see README.md. Exits with 1 where a message is not stored as it was sent, or where fewer
// than 99 % are read alike or explained.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMailscope } from '../process/mailscope.ts';
import { findTool } from '../support/tools.ts';
import { readInputs } from './inputs.ts';
import { measure } from './measure.ts';
import { add, createTotals, describe, summarize } from './report.ts';
import { startSecondParser } from './second-parser.ts';

const isQuiet = process.argv.includes('--quiet');
const paths = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const python = findTool('python3');
if (paths.length === 0 || python === null) {
  console.error(
    paths.length === 0
      ? 'usage: npm run corpus -- [--quiet] PATH...\nPATH is a message file, an mbox file, or a folder of these; files that do not begin like mail are left out.'
      : 'python3 is not on this machine. It is the second parser: install it.',
  );
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'mailscope-corpus-'));
const totals = createTotals();
const others: string[] = [];
try {
  await using second = await startSecondParser(python);
  await using mailscope = await startMailscope(folder, ['--max-messages', '0', '--max-bytes', '0']);
  console.log(`Mailscope against the email package of ${second.version}`);
  const target = { url: mailscope.ready.http, client: mailscope.client, wire: () => mailscope.wire() };
  for await (const measured of measure(
    readInputs(paths, (path) => others.push(path)),
    target,
    second,
  )) {
    add(totals, measured);
    if (!isQuiet) for (const line of describe(measured)) console.log(line);
    if (totals.messages % 1000 === 0) console.error(`${totals.messages} messages`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(['', ...summarize(totals)].join('\n'));
if (others.length > 0) console.log(`\n${others.length} files do not begin like mail, such as ${others[0]}`);
const isGood = totals.faults === 0 && totals.unexplained <= totals.messages * 0.01;
process.exit(isGood && totals.messages > 0 ? 0 : 1);
