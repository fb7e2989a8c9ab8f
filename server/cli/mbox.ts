// Mailbox files (RFC 4155): messages one after the other, each behind a line that begins with "From ". How a line of a
// message that begins so is told apart is a matter of dialect.
import { isMboxLine, mboxLineLook } from '../../shared/mbox-line.ts';
import { LineSource } from './line-source.ts';
import type { MboxQuoting } from './mail-commands.ts';

export interface MboxMessage {
  /** From 1. */
  n: number;
  size: number;
  /** null: over the limit, and not kept. */
  bytes: Buffer | null;
}

const isEmptyLine = (line: Buffer): boolean =>
  (line.length === 1 && line[0] === 10) || (line.length === 2 && line[0] === 13 && line[1] === 10);

const isFromLine = (line: Buffer): boolean => isMboxLine(line.toString('latin1', 0, mboxLineLook));

/**
 * A sender (`ann at x.test` in the archives of pipermail) and a time as of asctime, in which some write a zone: text does
 * not look so by chance. Files of some programs have no empty line in front of it.
 */
const fullFromLine =
  /^From (?:\S+ at |"[^"]*")?\S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) +(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2} +\d{1,2}:\d\d(?::\d\d)?(?: +[-+\w]{1,9})? +\d{4}(?: +[-+\w]{1,9})?[ \t]*\r?\n?$/;

const isFullFromLine = (line: Buffer): boolean =>
  line[0] === 70 && line.length <= mboxLineLook && fullFromLine.test(line.toString('latin1'));

/** mboxrd quotes lines that are quoted already, so one mark is always one too many; mboxo quotes only bare ones. */
function unquote(line: Buffer, quoting: MboxQuoting): Buffer {
  if (line[0] !== 62 || quoting === 'mboxcl2') return line;
  let marks = 1;
  while (line[marks] === 62) marks++;
  if (quoting === 'mboxo' && marks > 1) return line;
  return line.toString('latin1', marks, marks + 5) === 'From ' ? line.subarray(1) : line;
}

/** The message that is being read. */
class Collected {
  readonly n: number;
  readonly #maxSize: number;
  #parts: Buffer[] = [];
  #size = 0;
  #emptyLines = 0;
  #isLastEmpty = false;
  #head = '';

  constructor(n: number, maxSize: number) {
    this.n = n;
    this.#maxSize = maxSize;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  get inHeader(): boolean {
    return this.#emptyLines === 0;
  }

  addLine(line: Buffer, isEmpty: boolean): void {
    if (this.inHeader && this.#head.length < 65_536) this.#head += line.toString('latin1');
    this.#isLastEmpty = isEmpty;
    if (isEmpty) this.#emptyLines++;
    this.#add(line);
  }

  addBody(bytes: Buffer): void {
    this.#isLastEmpty = false;
    this.#add(bytes);
  }

  #add(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size <= this.#maxSize + 2) this.#parts.push(bytes);
    else this.#parts.length = 0;
  }

  contentLength(): number | undefined {
    const found = /^content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?$/im.exec(this.#head)?.[1];
    return found === undefined ? undefined : Number(found);
  }

  /** Whether the only empty line ends a header: there is one, and its lines end in the same way. */
  #endsHeader(line: Buffer | undefined): boolean {
    const first = /^[!-9;-~]+[ \t]*:.*?(\r?\n)/.exec(this.#head);
    return this.#emptyLines === 1 && first?.[1]?.length === line?.length;
  }

  /** The empty line before the next "From " belongs to the file, unless it is the one that ends the header. */
  finish(): MboxMessage {
    if (this.#isLastEmpty && !this.#endsHeader(this.#parts.at(-1)))
      this.#size -= this.#parts.pop()?.length ?? 0;
    const bytes = this.#size <= this.#maxSize ? Buffer.concat(this.#parts) : null;
    return { n: this.n, size: this.#size, bytes };
  }
}

/** Whether a message may end here: at the end of the file, or before a "From " line with empty lines in front. */
async function isBoundary(input: LineSource): Promise<boolean> {
  const ahead = (await input.peek(mboxLineLook)).toString('latin1').replace(/^(?:\r?\n){1,3}/, '');
  return ahead === '' || isMboxLine(ahead);
}

/**
 * The messages of a mailbox file, byte by byte. One that is over `maxSize` is counted and not kept. Yields nothing where
 * the first line does not begin with "From ".
 */
export async function* readMbox(
  chunks: AsyncIterable<Buffer>,
  { quoting, maxSize }: { quoting: MboxQuoting; maxSize: number },
): AsyncGenerator<MboxMessage> {
  const input = new LineSource(chunks);
  let current: Collected | undefined;
  let mayBegin = true;
  let hasBody = false;
  for (;;) {
    const line = input.tryLine();
    if (line === undefined) {
      if (await input.more()) continue;
      break;
    }
    const { bytes, isStart } = line;
    const begins = mayBegin ? isFromLine(bytes) : current?.isEmpty === false && isFullFromLine(bytes);
    if (isStart && begins) {
      if (current) yield current.finish();
      current = new Collected((current?.n ?? 0) + 1, maxSize);
      mayBegin = hasBody = false;
      continue;
    }
    const isEmpty = isStart && isEmptyLine(bytes);
    if (!current && isEmpty) continue;
    if (!current) return;
    // Behind a body of known length empty lines belong to the file.
    if (hasBody && isEmpty) continue;
    const endsHeader = isEmpty && current.inHeader;
    current.addLine(isStart ? unquote(bytes, quoting) : bytes, isEmpty);
    mayBegin = isEmpty;
    if (!endsHeader || quoting !== 'mboxcl2') continue;
    const length = current.contentLength();
    if (length === undefined || length > maxSize) continue;
    const body = await input.take(length);
    if (body.length === length && (await isBoundary(input))) {
      current.addBody(body);
      mayBegin = hasBody = true;
      // A length that does not fit is a guess of another program: "From " lines are gone by instead.
    } else input.giveBack(body);
  }
  if (current) yield current.finish();
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** As asctime(3) writes it, in UTC (RFC 4155 appendix A). */
function fromDate(at: Date): string {
  const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  const day = String(at.getUTCDate()).padStart(2, ' ');
  return `${days[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${day} ${clock} ${at.getUTCFullYear()}`;
}

/**
 * A message as a part of an mboxrd file. Line endings stay as they are, so that reading it gives the same bytes. `From :`
 * is quoted as well: there are readers to which each line with "From " begins a message.
 */
export function formatMboxMessage(bytes: Buffer, sender: string, receivedAt: Date): Buffer {
  const name = sender.replace(/[\s\p{Cc}]+/gu, '_') || 'MAILER-DAEMON';
  const isPlain = !bytes.includes('From ');
  const quoted = isPlain
    ? bytes
    : Buffer.from(bytes.toString('latin1').replace(/(^|\n)(>*From )/g, '$1>$2'), 'latin1');
  const ending = quoted.length === 0 || quoted.at(-1) === 10 ? '\n' : '\n\n';
  return Buffer.concat([Buffer.from(`From ${name} ${fromDate(receivedAt)}\n`), quoted, Buffer.from(ending)]);
}
