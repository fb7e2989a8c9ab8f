// How mail is poured in for the rates: Postfix's smtp-source, a peer that nobody here wrote, or else our own client.
import { createMail, pour } from './load.mjs';
import { findProgram, run } from './processes.mjs';

const program = findProgram('smtp-source');

export const sourceName = program
  ? 'smtp-source'
  : 'own client (smtp-source, of Debian package postfix, is missing)';

/** Seconds from the first connection to the last reply. */
export async function send(port, { lanes, messages, size, keep }) {
  if (!program) return pour({ port, lanes, messages, keep, wire: createMail({ size }) });
  const args = ['-s', lanes, '-m', messages, '-l', size, ...(keep ? ['-d'] : []), '-M', 'bench.example.com'];
  return (await run(program, [...args.map(String), `127.0.0.1:${port}`])).seconds;
}

/**
 * Messages a second in a run of about `seconds`. Shorter runs before it warm the server up and find how many messages
 * that takes; a short last run would count the greeting of each connection for too much.
 */
export async function measureRate(port, cell, seconds) {
  let messages = cell.keep ? Math.max(20, 2 * cell.lanes) : 2 * cell.lanes;
  for (let aim = 0.3; ; aim = seconds) {
    const took = await send(port, { ...cell, messages });
    const rate = messages / took;
    if (aim === seconds && took >= 0.6 * seconds) return rate;
    const next = Math.min(50_000, Math.max(cell.lanes, Math.round(rate * aim)));
    // A second try with hardly more messages would tell nothing more.
    if (aim === seconds && next <= messages * 1.2) return rate;
    messages = next;
  }
}
