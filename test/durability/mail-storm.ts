// Clients that send as fast as they are answered until the server is gone, and remember what they were promised.
import { createHash, randomBytes } from 'node:crypto';
import { idIn } from '../process/mailscope.ts';
import { openWire, type Wire } from '../support/wire.ts';

/** Lines of 78 bytes, of which each message takes some. */
const text = `${randomBytes(1_500_000).toString('base64').match(/.{76}/g)!.join('\r\n')}\r\n`;
const lineLength = 78;
const lineCount = text.length / lineLength;

/** What is longer is an attachment, as in real mail: a megabyte of random letters takes the search index a second. */
const mostTextLines = 100;
const attachment = 'Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n';

export const digest = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** 2 KB to 1 MB and a little more, so that some are kept as files; small ones are far more frequent. */
const randomLines = (): number => Math.ceil((2000 * 550 ** (Math.random() ** 3)) / lineLength);

/** How the end of a server looks to a client. */
const isEnd = (error: Error): boolean =>
  /^no (reply|close): |ECONNREFUSED|ECONNRESET|EPIPE/.test(error.message);

export class MailStorm {
  /** Subject by id of what was answered 250. */
  readonly acknowledged = new Map<string, string>();
  /** What else was said to a final dot. */
  readonly refusals: string[] = [];
  /** By subject, of all whose final dot the server may have seen. */
  readonly #sent = new Map<string, { first: number; lines: number }>();

  /** Resolves once every client has lost its server, or `stop` is aborted. */
  async blow(port: number, { clients, name, stop }: { clients: number; name: string; stop?: AbortSignal }) {
    await Promise.all(
      Array.from({ length: clients }, (_, n) => this.#sendUntilGone(port, `${name}c${n}`, stop)),
    );
  }

  digestOf(subject: string): string | undefined {
    const sent = this.#sent.get(subject);
    return sent && digest(this.#message(subject, sent));
  }

  #message(subject: string, { first, lines }: { first: number; lines: number }): string {
    const body = text.slice(first * lineLength, (first + lines) * lineLength);
    const type = lines > mostTextLines ? attachment : '';
    return `Subject: ${subject}\r\n${type}\r\n${body}`;
  }

  async #sendUntilGone(port: number, name: string, stop?: AbortSignal): Promise<void> {
    try {
      await using wire = await openWire(port);
      await wire.hello();
      for (let n = 0; !stop?.aborted; n++) await this.send(wire, `${name}n${n}`, randomLines());
    } catch (error) {
      if (!isEnd(error as Error)) throw error;
    }
  }

  /** Sends one and notes what is answered; the reply that decided. */
  async send(wire: Wire, subject: string, lines: number): Promise<string> {
    const sent = { first: Math.floor(Math.random() * (lineCount - lines)), lines };
    // The record of what was said would hold everything in memory.
    wire.sent.length = wire.received.length = 0;
    wire.send('MAIL FROM:<ann@example.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\n');
    const replies = [await wire.reply(), await wire.reply(), await wire.reply()];
    if (!replies[2]!.startsWith('354')) {
      const refusal = replies.find((reply) => !reply.startsWith('250'))!;
      this.refusals.push(refusal);
      return refusal;
    }
    this.#sent.set(subject, sent);
    wire.send(`${this.#message(subject, sent)}.\r\n`);
    const reply = await wire.reply();
    if (reply.startsWith('250')) this.acknowledged.set(idIn(reply), subject);
    else this.refusals.push(reply);
    return reply;
  }
}
