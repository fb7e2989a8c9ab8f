// The decoded bytes of a message's parts, as far as a page can show them.
const maxBytes = 512 * 1024;
const maxKept = 24;

export interface PartContent {
  /** The first half MiB; none for a picture, which the browser loads itself. */
  bytes: Uint8Array;
  /** The server looked at the bytes and says that it is a picture to be shown. */
  isPicture: boolean;
  isWhole: boolean;
}

async function readStart(body: ReadableStream<Uint8Array>): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  let isWhole = false;
  while (length <= maxBytes) {
    const { value, done } = await reader.read();
    if (done) {
      isWhole = true;
      break;
    }
    pieces.push(value);
    length += value.length;
  }
  if (!isWhole) await reader.cancel();
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { bytes: bytes.subarray(0, maxBytes), isWhole: isWhole && length <= maxBytes };
}

export class MessageParts {
  readonly #baseUrl: string;
  readonly #fetch: typeof fetch;
  readonly #kept = new Map<string, Promise<PartContent>>();

  constructor(baseUrl: string, ask: typeof fetch = (...given) => fetch(...given)) {
    this.#baseUrl = baseUrl;
    this.#fetch = ask;
  }

  urlOf(id: string, path: string): string {
    return `${this.#baseUrl}/api/messages/${encodeURIComponent(id)}/parts/${path}`;
  }

  /** Each is asked for once; a failure is not kept. */
  read(id: string, path: string): Promise<PartContent> {
    const url = this.urlOf(id, path);
    const known = this.#kept.get(url);
    if (known) return known;
    const asked = this.#load(url);
    this.#kept.set(url, asked);
    asked.catch(() => this.#kept.delete(url));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
    return asked;
  }

  /** All of it, to be saved; kept nowhere. */
  async readWhole(id: string, path: string): Promise<Uint8Array> {
    const answer = await this.#fetch(this.urlOf(id, path));
    if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  async #load(url: string): Promise<PartContent> {
    const answer = await this.#fetch(url);
    if (!answer.ok || !answer.body) throw new Error(`The server answered ${answer.status}.`);
    const isPicture =
      /^image\/(?!svg)/i.test(answer.headers.get('content-type') ?? '') &&
      /^inline\b/i.test(answer.headers.get('content-disposition') ?? '');
    if (!isPicture) return { ...(await readStart(answer.body)), isPicture };
    await answer.body.cancel();
    return { bytes: new Uint8Array(), isPicture, isWhole: false };
  }
}
