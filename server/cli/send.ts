// Sends a file, standard input or a sample to a running sandbox, and prints what it answered.
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { escapeControls } from '../log.ts';
import { UsageError } from '../config/usage-error.ts';
import type { SendOptions } from './arguments.ts';
import { createSample } from '../sample/sample.ts';
import { openSmtp } from '../sample/smtp-client.ts';

const headerBytes = 256 * 1024;

/** The addresses in the given fields of a message, as far as a simple reading finds them. */
export function addressesIn(message: Buffer, names: string[]): string[] {
  const head = message
    .subarray(0, headerBytes)
    .toString('latin1')
    .split(/\r?\n\r?\n/, 1)[0]!;
  const found: string[] = [];
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon < 0 || !names.includes(line.slice(0, colon).trim().toLowerCase())) continue;
    const value = line.slice(colon + 1).replace(/"[^"]{0,1000}"/g, '');
    for (const match of value.matchAll(/[^\s<>,;:"()]{1,64}@[^\s<>,;:"()]{1,255}/g)) found.push(match[0]);
  }
  return [...new Set(found)];
}

async function readMessage({ file, sample }: SendOptions): Promise<Buffer | null> {
  if (sample === (file !== null))
    throw new UsageError(
      sample ? 'There is both a file and --sample.' : 'There is nothing to send.',
      'Exactly one of them is needed: FILE, - for standard input, or --sample.',
      'Try "mailscope send --sample".',
    );
  if (file === null) return null;
  return file === '-' ? buffer(process.stdin) : readFile(file);
}

export async function send(options: SendOptions): Promise<void> {
  const message = await readMessage(options);
  const from = options.from ?? (message && addressesIn(message, ['from'])[0]) ?? 'sender@example.com';
  const named = options.to.length > 0 ? options.to : message ? addressesIn(message, ['to', 'cc', 'bcc']) : [];
  const to = named.length > 0 ? named : ['recipient@example.com'];
  const smtp = await openSmtp(options);
  try {
    for (let n = 1; n <= options.count; n++) {
      const { code, lines } = await smtp.send(
        { from, to },
        message ?? createSample({ from, to, kind: options.html ? 'html' : 'text', n }),
      );
      process.stdout.write(`${escapeControls(`${code} ${lines.join(' ')}`)}\n`);
    }
  } finally {
    await smtp.close();
  }
}
