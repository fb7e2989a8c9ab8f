// In which of Mailpit's lists a part is, and by what it is asked for: envelope.go of its MIME library, jhillyerd/enmime.
import type { Part } from '../../../shared/message.ts';
import { leaves } from '../message-parts.ts';
import { isText } from '../part-text.ts';

/** A message of one part is its text, or all of it is attached. */
const isWhole = (root: Part | null): root is Part => root !== null && leaves(root)[0] === root;

const isAttached = (part: Part): boolean =>
  part.disposition === 'attachment' || part.contentType === 'application/octet-stream';

/** Named or not, as it counts them. */
export const attachedParts = (root: Part | null): Part[] => {
  if (!isWhole(root)) return leaves(root).filter(isAttached);
  const isAttachment = root.disposition === 'attachment' || (root.disposition === null && !isText(root));
  return isAttachment ? [root] : [];
};

/** What its search counts. */
export const inlineParts = (root: Part | null): Part[] =>
  isWhole(root) && isText(root) ? [] : leaves(root).filter(({ disposition }) => disposition === 'inline');

/** It lists them behind those that are inline. */
export const otherParts = (root: Part | null): Part[] =>
  isWhole(root)
    ? []
    : leaves(root).filter((part) => part.disposition === null && !isAttached(part) && !isText(part));

export const partIdOf = (root: Part | null, part: Part): string => (part === root ? '0' : part.path);

export const findPart = (root: Part | null, id: string): Part | undefined =>
  leaves(root).find((part) => part.path === id || partIdOf(root, part) === id);
