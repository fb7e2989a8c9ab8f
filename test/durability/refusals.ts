// What holds for every way in which a disk can fail: mail is answered 452, nothing acknowledged is lost, everything else
// goes on, and once the disk works again so does mail, without a restart.
import { expect } from 'vitest';
import type { Mailscope } from '../process/mailscope.ts';
import type { Wire } from '../support/wire.ts';
import { compare } from './kept.ts';
import { MailStorm } from './mail-storm.ts';

export const fullReply = /^452 4\.3\.1 Insufficient system storage/;

export class Correspondent {
  static #count = 0;
  readonly storm: MailStorm;
  readonly #mailscope: Mailscope;
  #wire: Wire | undefined;

  /** `storm`: of what was sent before, which has to be there too. */
  constructor(mailscope: Mailscope, storm = new MailStorm()) {
    this.storm = storm;
    this.#mailscope = mailscope;
  }

  /** The reply to one message, on one connection for all. */
  async send(bytes = 8000): Promise<string> {
    if (this.#wire === undefined) {
      this.#wire = await this.#mailscope.wire();
      await this.#wire.hello();
    }
    return this.storm.send(this.#wire, `c${Correspondent.#count++}`, Math.ceil(bytes / 78));
  }

  /** Sends until mail is refused; the reply. */
  async sendUntilRefused(most: number, bytes?: number): Promise<string> {
    for (let n = 0; n < most; n++) {
      const reply = await this.send(bytes);
      if (!reply.startsWith('250')) return reply;
    }
    throw new Error(`${most} messages were taken`);
  }

  /** It lists, says that it is degraded, and has what it acknowledged. */
  async expectDegraded(): Promise<void> {
    const { client } = this.#mailscope;
    const { storage } = await client.readStatus();
    expect(storage).toMatchObject({ state: 'degraded', problem: expect.any(String) as string });
    await this.expectKept();
  }

  /** Mail is taken again by the same process. */
  async expectRecovered(bytes?: number): Promise<void> {
    expect(await this.send(bytes)).toMatch(/^250 /);
    expect((await this.#mailscope.client.readStatus()).storage.state).toBe('ok');
    await this.expectKept();
  }

  async expectKept(): Promise<void> {
    const { lost, doubled, altered, spare } = await compare(this.#mailscope.client, this.storm);
    expect({ lost, doubled, altered, spare }).toEqual({ lost: [], doubled: [], altered: [], spare: [] });
  }
}
