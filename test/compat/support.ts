// A sandbox that has mail, and short ways to ask other tools' APIs.
import { readFile } from 'node:fs/promises';
import type { OptionName } from '../../server/config/options.ts';
import { startTestSandbox, type TestSandbox } from '../support/sandbox.ts';

export const fixture = (name: string): Promise<Buffer> =>
  readFile(new URL(`../fixtures/compat/${name}`, import.meta.url));

export const recipients = ['bob@example.com', 'carol@example.com', 'dave@example.com', 'hidden@example.com'];

/** Through SMTP; resolves with the id once it is stored. */
export async function sendMail(
  sandbox: TestSandbox,
  message: string | Buffer,
  from = 'plain@example.com',
  to = ['bob@example.com'],
): Promise<string> {
  await using wire = await sandbox.wire();
  await wire.hello('client.test');
  const reply = await wire.mail(message, from, to);
  const id = /\bm_[A-Za-z0-9_-]+/.exec(reply)?.[0];
  if (id === undefined) throw new Error(`not stored: ${reply}`);
  return id;
}

export interface Answer {
  status: number;
  type: string | null;
  headers: Headers;
  text: string;
  /** Of the text; undefined where it is no JSON. */
  json: unknown;
}

export interface MailSandbox extends TestSandbox {
  /** Of the messages that were sent at the start, oldest first. */
  ids: string[];
  ask(call: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The JSON of an answer that must be a good one. */
  get<T>(path: string): Promise<T>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** With the messages of test/fixtures/compat: one of many parts, one of plain text. */
export async function startWithMail(flags: Partial<Record<OptionName, unknown>> = {}): Promise<MailSandbox> {
  const sandbox = await startTestSandbox(flags);
  const ids = [
    await sendMail(sandbox, await fixture('parts.eml'), 'bounce@example.com', recipients),
    await sendMail(sandbox, await fixture('plain.eml')),
  ];
  const ask: MailSandbox['ask'] = async (call, body, headers = {}) => {
    const [method, path] = call.split(' ') as [string, string];
    const response = await fetch(sandbox.url + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status } = response;
    return {
      ...{ status, text, headers: response.headers },
      ...{ type: response.headers.get('content-type'), json: parseJson(text) },
    };
  };
  return {
    ...sandbox,
    ids,
    ask,
    async get<T>(path: string) {
      const { status, text, json } = await ask(`GET ${path}`);
      if (status !== 200) throw new Error(`${path} was answered ${status}: ${text.slice(0, 500)}`);
      return json as T;
    },
    [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose](),
  };
}
