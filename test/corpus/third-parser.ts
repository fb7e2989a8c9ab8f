// mailparser's own reading of a whole message: it decides where two others disagree. (Of the product it reads texts.)
import { simpleParser, type AddressObject } from 'mailparser';
import { createHash } from 'node:crypto';
import type { Address } from '../../shared/message.ts';
import type { Reading } from './reading.ts';

const list = (found: AddressObject | AddressObject[] | undefined): Address[] =>
  [found ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .flatMap((entry) => entry.group ?? [entry])
    .map(({ name, address }) => ({ name, address: address ?? '' }));

/** It gives no tree of parts. null: it refused the message. */
export async function readWithMailparser(raw: Buffer): Promise<Partial<Reading> | null> {
  try {
    const found = await simpleParser(raw, {
      skipTextToHtml: true,
      skipHtmlToText: true,
      skipImageLinks: true,
    });
    return {
      subject: found.subject ?? '',
      from: list(found.from),
      to: list(found.to),
      cc: list(found.cc),
      date: found.date && !Number.isNaN(found.date.getTime()) ? found.date.getTime() : null,
      attachments: found.attachments
        .filter(({ contentType, filename }) => filename && !contentType.startsWith('message/'))
        .map(({ filename, content }) => ({
          filename: filename ?? '',
          sha256: createHash('sha256').update(content).digest('hex'),
        })),
    };
  } catch {
    return null;
  }
}
