import { expect, test } from 'vitest';
import { readBdatChunks } from '../../shared/bdat-chunks.ts';
import { summarizeData } from '../../web/parts/session/line-notes.ts';
import { makeLines } from './support/fixture-lines.ts';

const data = { kind: 'data', eol: '' } as const;

test('a chunk of BDAT says which of how many it is, and the last one how long the message is', () => {
  const lines = makeLines([
    ['C', 1, 'MAIL FROM:<a@b.test>'],
    ['C', 2, 'BDAT 1000'],
    ['C', 3, '', { ...data, bytes: 1000 }],
    ['S', 4, '250 2.0.0 3 bytes received'],
    ['C', 5, 'bdat 2048 last'],
    ['C', 6, '', { ...data, bytes: 2048, chunks: 2 }],
    ['C', 7, 'MAIL FROM:<a@b.test>'],
    ['C', 8, 'BDAT 5'],
    ['C', 9, '', { ...data, bytes: 5 }],
    ['C', 10, 'RSET'],
    ['C', 11, 'MAIL FROM:<a@b.test>'],
    ['C', 12, 'BDAT 7'],
    ['C', 13, '', { ...data, bytes: 7 }],
    ['C', 14, 'BDAT 0 LAST'],
    ['C', 15, 'MAIL FROM:<a@b.test>'],
    ['C', 16, 'DATA'],
    ['C', 17, '', { ...data, bytes: 9 }],
  ]);
  const chunks = readBdatChunks(lines);
  const said = lines
    .filter(({ kind }) => kind === 'data')
    .map(({ n, bytes, chunks: reads }) => summarizeData(bytes, 0, reads, chunks.get(n)));
  expect(said).toEqual([
    'Chunk 1 of 2, 1000 B',
    'Chunk 2 of 2 (LAST), 2.0 KB, 2 reads; the message has 3.0 KB',
    'Chunk 1, 5 B',
    'Chunk 1 of 2, 7 B',
    'Message, 9 B',
  ]);
});
