import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { RawSource } from '../../web/state/raw-source.svelte.ts';

async function rowsOf(...pieces: string[]) {
  const server = createServer(async (_request, response) => {
    // Each by itself, so that a line may be cut anywhere.
    for (const piece of pieces) await new Promise((sent) => response.write(piece, sent));
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const source = new RawSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const leave = source.open('m_1');
    await expect.poll(() => source.loading).toBe(false);
    leave();
    expect(source.error).toBeNull();
    return Array.from({ length: source.rows }, (_, index) => source.row(index));
  } finally {
    server.close();
  }
}

test('raw lines keep which ending they had', async () => {
  expect((await rowsOf('a\r\n\r\nb\nc\rd')).map(({ n, text, eol }) => [n, text, eol])).toEqual([
    [1, 'a', 'CRLF'],
    [2, '', 'CRLF'],
    [3, 'b', 'LF'],
    [4, 'c', 'CR'],
    [5, 'd', ''],
  ]);
  expect(await rowsOf('')).toEqual([]);
});

test('raw lines are the same however their bytes come', async () => {
  const whole = await rowsOf('a\r\n\rb\r\n');
  expect(await rowsOf('a\r', '\n', '\r', 'b', '\r', '\n')).toEqual(whole);
  expect(whole.map(({ text, eol, offset }) => [text, eol, offset])).toEqual([
    ['a', 'CRLF', 0],
    ['', 'CR', 3],
    ['b', 'CRLF', 4],
  ]);
});

test('a line that is longer than a row goes on in the next ones, within no character', async () => {
  const line = `${'x'.repeat(1999)}ü${'y'.repeat(3000)}`;
  const rows = await rowsOf(`${line}\r\nend`);
  expect(rows.map(({ n, isContinued, isCut, eol }) => [n, isContinued, isCut, eol])).toEqual([
    [1, false, true, ''],
    [1, true, true, ''],
    [1, true, false, 'CRLF'],
    [2, false, false, ''],
  ]);
  expect(
    rows
      .slice(0, 3)
      .map(({ text }) => text)
      .join(''),
  ).toBe(line);
});
