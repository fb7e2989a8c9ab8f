// What a parser makes of a message, in the form in which parsers are compared.
import type { Address, Part } from '../../shared/message.ts';

export interface Reading {
  subject: string;
  from: Address[];
  to: Address[];
  cc: Address[];
  /** Milliseconds; null: none, or it cannot be read. */
  date: number | null;
  /** The leaves of the tree of parts in order; an embedded message is one. */
  parts: Leaf[];
  attachments: File[];
}

export interface Leaf {
  type: string;
  /** Of the decoded bytes; null for embedded messages and multiparts without parts. */
  sha256: string | null;
}

export interface File {
  filename: string;
  sha256: string | null;
}

/** Every parser has its own idea of what an attachment without a name is; a name makes one everywhere. */
export const isFile = (part: {
  filename: string | null;
  disposition: string | null;
  type: string;
}): boolean => !isContainer(part.type) && Boolean(part.filename || part.disposition === 'attachment');

export const isContainer = (type: string): boolean => /^(multipart|message)\//.test(type);

function leavesOf(part: Part): Part[] {
  if (part.contentType.startsWith('multipart/') && part.children.length > 0)
    return part.children.flatMap(leavesOf);
  return [part];
}

/** Of what the API says of a message. */
export function ownReading(message: {
  subject: string;
  from: Address[];
  to: Address[];
  cc: Address[];
  date: string | null;
  structure: Part | null;
}): Reading {
  const leaves = message.structure === null ? [] : leavesOf(message.structure);
  const toLeaf = ({ contentType, sha256 }: Part): Leaf => ({
    type: contentType,
    sha256: isContainer(contentType) ? null : sha256,
  });
  return {
    subject: message.subject,
    from: message.from,
    to: message.to,
    cc: message.cc,
    date: message.date === null ? null : Date.parse(message.date),
    parts: leaves.map(toLeaf),
    attachments: leaves
      .filter(({ contentType, filename, disposition }) =>
        isFile({ filename, disposition, type: contentType }),
      )
      .map(({ filename, sha256 }) => ({ filename: filename ?? '', sha256 })),
  };
}
