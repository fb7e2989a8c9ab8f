import { once } from 'node:events';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { sendMail, startWithMail, type MailSandbox } from './support.ts';

interface Heard<T> extends Disposable {
  /** The first that fits, of those that came or will come. */
  find(fits: (value: T) => boolean): Promise<T>;
  all: T[];
}

function listen<T>(subscribe: (tell: (value: T) => void) => () => void): Heard<T> {
  const all: T[] = [];
  let wake = (): void => {};
  const stop = subscribe((value) => {
    all.push(value);
    wake();
  });
  return {
    all,
    async find(fits) {
      const deadline = Date.now() + 40_000;
      for (;;) {
        const found = all.find(fits);
        if (found !== undefined) return found;
        if (Date.now() > deadline) throw new Error(`it did not come; there came ${JSON.stringify(all)}`);
        const timer = setTimeout(() => wake(), 1000);
        await new Promise<void>((done) => (wake = done));
        clearTimeout(timer);
      }
    },
    [Symbol.dispose]: stop,
  };
}

async function openSocket<T>(sandbox: MailSandbox, path: string): Promise<Heard<T>> {
  const socket = new WebSocket(sandbox.url.replace('http', 'ws') + path);
  const heard = listen<T>((tell) => {
    socket.on('message', (bytes: Buffer) => tell(JSON.parse(bytes.toString()) as T));
    return () => socket.terminate();
  });
  await once(socket, 'open');
  return heard;
}

interface MailpitEvent {
  Type: string;
  Data: Record<string, unknown> | null;
}

test('Mailpit’s events tell of new, changed and deleted messages and the totals', async () => {
  await using sandbox = await startWithMail();
  using heard = await openSocket<MailpitEvent>(sandbox, '/api/events');
  const id = await sendMail(sandbox, 'From: Ann <a@example.com>\r\nSubject: fresh\r\n\r\nsome text\r\n');
  const { Data } = await heard.find(({ Type }) => Type === 'new');
  const [listed] = (await sandbox.get<{ messages: object[] }>('/api/v1/messages?limit=1')).messages;
  expect(Data).toEqual(listed);
  expect(Data).toMatchObject({ ID: id, Subject: 'fresh', Snippet: 'some text' });
  await heard.find(({ Type, Data }) => Type === 'stats' && Data?.Total === 3 && Data.Unread === 3);
  await sandbox.get(`/api/v1/message/${id}`);
  expect(await heard.find(({ Type }) => Type === 'update')).toEqual({
    Type: 'update',
    Data: { ID: id, Read: true },
  });
  await sandbox.ask('PUT /api/v1/tags', { IDs: [id], Tags: ['x'] });
  await heard.find(({ Data }) => JSON.stringify(Data) === JSON.stringify({ ID: id, Tags: ['x'] }));
  await sandbox.ask('DELETE /api/v1/messages', { IDs: [id] });
  await heard.find(({ Type, Data }) => Type === 'delete' && Data?.ID === id);
  await sandbox.ask('DELETE /api/v1/messages');
  await heard.find(({ Type, Data }) => Type === 'truncate' && Data === null);
  await heard.find(({ Type, Data }) => Type === 'stats' && Data?.Total === 0);
});

test('a message is told of with the tags that its sender gave it, and then not again', async () => {
  await using sandbox = await startWithMail();
  using heard = await openSocket<MailpitEvent>(sandbox, '/api/events');
  await sandbox.ask('PUT /api/v1/tags', { IDs: [sandbox.ids[0]], Tags: ['before'] });
  expect(await sandbox.get('/api/v1/tags')).toEqual(['before']);
  const id = await sendMail(sandbox, 'X-Tags: nightly\r\nTo: ann+shop@x.test\r\n\r\n');
  expect(await heard.find(({ Type }) => Type === 'new')).toMatchObject({
    Data: { ID: id, Tags: ['nightly', 'shop'] },
  });
  expect(await sandbox.get('/api/v1/tags')).toEqual(['before', 'nightly', 'shop']);
  const next = await sendMail(sandbox, 'Subject: next\r\n\r\n');
  await heard.find(({ Type, Data }) => Type === 'new' && Data?.ID === next);
  expect(heard.all.filter(({ Type, Data }) => Type === 'update' && Data?.ID === id)).toEqual([]);
});

test('MailHog’s socket and its event stream push each message', async () => {
  await using sandbox = await startWithMail();
  using heard = await openSocket<{ ID: string }>(sandbox, '/api/v2/websocket');
  const leave = new AbortController();
  const stream = await fetch(`${sandbox.url}/api/v1/events`, { signal: leave.signal });
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  const id = await sendMail(sandbox, 'Subject: fresh\r\n\r\nx\r\n');
  const pushed = await heard.find(({ ID }) => ID === id);
  let text = '';
  for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString();
    if (text.endsWith('\n\n')) break;
  }
  leave.abort();
  const lines = text.trim().split('\n');
  expect(lines.every((line) => line.startsWith('data: '))).toBe(true);
  expect(JSON.parse(lines.map((line) => line.slice(6)).join('\n'))).toEqual(pushed);
});

test('MailCatcher’s socket tells of new messages, of each that is gone by its number, and of none left', async () => {
  await using sandbox = await startWithMail();
  using heard = await openSocket<{ type: string; message?: object }>(sandbox, '/messages');
  await sandbox.ask('DELETE /messages/1');
  expect(await heard.find(({ type }) => type === 'remove')).toEqual({ type: 'remove', id: 1 });
  await sendMail(sandbox, 'Subject: fresh\r\n\r\nx\r\n');
  const { message } = await heard.find(({ type }) => type === 'add');
  expect(message).toEqual({ ...(await sandbox.get<object[]>('/messages'))[1], type: 'text/plain' });
  // However it was deleted.
  await sandbox.ask('DELETE /api/v1/messages', { IDs: [sandbox.ids[1]] });
  await sandbox.ask('DELETE /messages');
  expect(await heard.find(({ type }) => type === 'clear')).toEqual({ type: 'clear' });
  expect(heard.all.slice(2)).toEqual([{ type: 'remove', id: 2 }, { type: 'clear' }]);
});

test('maildev’s clients hear of new, read and deleted mails on socket.io', async () => {
  await using sandbox = await startWithMail();
  const socket = io(sandbox.url, { transports: ['websocket'], reconnection: false });
  using heard = listen<[string, Record<string, unknown>?]>((tell) => {
    socket.onAny((event: string, value?: Record<string, unknown>) => tell([event, value]));
    return () => socket.disconnect();
  });
  await new Promise<void>((done, fail) => socket.on('connect', done).on('connect_error', fail));
  const id = await sendMail(sandbox, 'Subject: fresh\r\n\r\nsome text\r\n');
  const [, mail] = await heard.find(([event]) => event === 'newMail');
  expect(mail).toMatchObject(
    await sandbox.get<object>('/email?subject=fresh').then((list) => (list as unknown as object[])[0]!),
  );
  expect(mail).toMatchObject({ id, attachmentCount: 0, preview: 'some text' });
  await sandbox.get(`/email/${id}`);
  await heard.find(([event, value]) => event === 'readMail' && value?.id === id);
  await sandbox.ask(`DELETE /email/${id}`);
  await heard.find(([event, value]) => event === 'deleteMail' && value?.id === id);
  await sandbox.ask('DELETE /email/all');
  await heard.find(([event, value]) => event === 'deleteMail' && value?.id === 'all');
});

test('a message is told once, in order, however many come', async () => {
  await using sandbox = await startWithMail();
  using heard = await openSocket<MailpitEvent>(sandbox, '/api/events');
  await using wire = await sandbox.wire();
  await wire.hello();
  for (let n = 0; n < 300; n += 1) await wire.mail(`Subject: ${n}\r\n\r\nx\r\n`);
  await heard.find(({ Type, Data }) => Type === 'new' && Data?.Subject === '299');
  const told = heard.all.filter(({ Type }) => Type === 'new').map(({ Data }) => Data?.Subject);
  expect(new Set(told).size).toBe(300);
  expect(told).toHaveLength(300);
});
