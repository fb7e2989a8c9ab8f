// Which parts of a message each version of maildev reads as its body, and which it attaches, as their parsers do: a
// mailparser of before 2016 and mailparser 3.14.
import type { Part } from '../../../shared/message.ts';

export interface BodyPart {
  part: Part;
  /** Of a multipart within which it stands; empty where there is none. */
  within: string;
  level: number;
  /** Another form of the same stands beside it, or beside what it is in. */
  isAlternative: boolean;
  /** The message that is attached inline, of which this is the first part. */
  embedded: Part | null;
}

const isMultipart = ({ contentType }: Part): boolean => contentType.startsWith('multipart/');
/** Version 3 shows these in the place where they stand. */
const isOpened = (part: Part): boolean =>
  part.contentType === 'message/rfc822' && part.disposition === 'inline' && part.children.length > 0;

const texts = {
  2: /^text\/(?:plain|html|calendar)$/,
  3: /^(?:text\/(?:plain|html)|message\/delivery-status)$/,
};

/** In the order of the bytes. Multiparts are listed where an inline message begins with one. */
export function partsOf(root: Part | null, version: 2 | 3): { body: BodyPart[]; attached: Part[] } {
  const body: BodyPart[] = [];
  const attached: Part[] = [];
  // The depth of the tree is limited by the structure scan, so recursion is safe.
  function visit(part: Part, place: Omit<BodyPart, 'part'>): void {
    if (isMultipart(part)) {
      if (place.embedded) body.push({ part, ...place });
      const isAlternative = place.isAlternative || part.contentType === 'multipart/alternative';
      const within = part.contentType.slice('multipart/'.length);
      for (const child of part.children)
        visit(child, { within, level: place.level + 1, isAlternative, embedded: null });
    } else if (version === 3 && isOpened(part)) {
      for (const child of part.children) visit(child, { ...place, level: place.level + 1, embedded: part });
    } else {
      const isBody = texts[version].test(part.contentType) && part.disposition !== 'attachment';
      if (isBody || place.embedded) body.push({ part, ...place });
      if (!isBody) attached.push(part);
    }
  }
  if (root) visit(root, { within: '', level: 0, isAlternative: false, embedded: null });
  return { body, attached };
}

export const isShown = ({ contentType, disposition }: Part): boolean =>
  texts[3].test(contentType) && disposition !== 'attachment';
