// mailscope export: reads messages, oldest first, and writes them where they are to go.
import type { Client } from '../../shared/client/client.ts';
import { MailscopeError } from '../../shared/errors.ts';
import { escapeControls } from '../log.ts';
import { explainError } from './explain-error.ts';
import type { ExportOptions } from './mail-commands.ts';
import { openTarget, placeOf, type Listed } from './export-target.ts';
import { connectTo } from './server-flags.ts';
import { onInterruption } from './interruption.ts';
import { inOrder, showProgress } from './progress.ts';

/** Messages that are read ahead. */
const width = 4;
const pageSize = 500;

interface Exported extends Listed {
  /** null: deleted in the meantime. */
  bytes: Buffer | null;
}

/** Oldest first. */
async function list(client: Client, { query, limit = Infinity }: ExportOptions): Promise<Listed[]> {
  const listed: Listed[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listMessages({
      query: {
        limit: Math.min(pageSize, limit - listed.length),
        ...(query === '' ? {} : { query }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    });
    // The rest of a row is not needed, and there may be many.
    for (const { id, seq, receivedAt, mailFrom, subject, size, read, pinned } of page.items)
      listed.push({ id, seq, receivedAt, mailFrom, subject, size, read, pinned });
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && listed.length < limit);
  return listed.reverse();
}

async function read(client: Client, listed: Listed): Promise<Exported> {
  try {
    return { ...listed, bytes: Buffer.from(await client.readRaw({ params: { id: listed.id } })) };
  } catch (error) {
    if (error instanceof MailscopeError && error.code === 'not_found') return { ...listed, bytes: null };
    throw error;
  }
}

const quoted = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

function nothingMatches({ query }: ExportOptions): MailscopeError {
  return new MailscopeError('not_found', `No message matches the search ${query}, so nothing is exported.`, {
    hint: /[\s:"]/.test(query)
      ? 'Leave a term out, or leave the search out to export all messages.'
      : `If it is to be a folder: mailscope export --output ${quoted(`${query}/`)}`,
  });
}

/** Resolves with the exit code. */
async function run(client: Client, given: ExportOptions): Promise<number> {
  const options = await placeOf(given);
  const listed = await list(client, options);
  if (listed.length === 0 && options.query !== '') {
    process.stderr.write(explainError(nothingMatches(options)).text);
    return 1;
  }
  const target = await openTarget(options, listed.length);
  const total = listed.reduce((sum, { size }) => sum + size, 0);
  const progress = showProgress({ verb: 'exported', total, quiet: options.quiet });
  const counts = { written: 0, kept: 0, gone: 0 };
  let [bytes, isComplete] = [0, false];
  let isInterrupted = false;
  let writing: Promise<unknown> = Promise.resolve();
  const end = async (): Promise<void> => {
    isInterrupted = true;
    progress.clear();
    await writing.catch(() => {});
    await target.close(false);
    const written = target.isOneFile ? 0 : counts.written;
    if (!options.quiet) process.stderr.write(`${written} exported before it was interrupted\n`);
  };
  // On standard output nothing is left behind, and who reads it may keep a write waiting.
  const interruption = target.name === null ? undefined : onInterruption(end);
  try {
    for await (const message of inOrder(listed, width, (one) => read(client, one))) {
      // The process is about to end.
      if (isInterrupted) await new Promise(() => {});
      if (message.bytes === null) counts.gone++;
      else {
        const written = target.write(message, message.bytes);
        writing = written;
        if (await written) counts.written++;
        else counts.kept++;
      }
      progress.update(counts.written, (bytes += message.size));
    }
    isComplete = true;
  } finally {
    progress.clear();
    interruption?.[Symbol.dispose]();
    await target.close(isComplete);
  }
  if (options.quiet) return 0;
  const kept = counts.kept > 0 ? `, ${counts.kept} were there already (--force writes them again)` : '';
  const gone = counts.gone > 0 ? `, ${counts.gone} were deleted in the meantime` : '';
  const to = target.name === null ? '' : ` to ${escapeControls(target.name)}`;
  const why = listed.length === 0 ? ': Mailscope has no messages' : '';
  process.stderr.write(`${counts.written} exported${to}${why}${kept}${gone}\n`);
  return 0;
}

/** Resolves with the exit code: 0 done, 1 failed or no match, 2 called wrongly, 3 Mailscope could not be asked. */
export async function exportMail(options: ExportOptions): Promise<number> {
  try {
    return await run(connectTo(options), options);
  } catch (error) {
    const { text, exitCode } = explainError(error);
    process.stderr.write(text);
    if (!(error instanceof MailscopeError)) return exitCode;
    if (error.code === 'invalid_request') return 2;
    return error.code === 'conflict' ? 1 : 3;
  }
}
