// Which parts are what the reader reads, and which are attached.
import type { Part } from '../../shared/message.ts';
import { isMultipart } from './structure.ts';

export interface BodyParts {
  /** text/plain, in order. */
  text: Part[];
  html: Part | null;
  /** Everything else with content; an embedded message counts as one. */
  attachments: Part[];
  /** The leaves inside embedded messages. */
  embedded: Part[];
}

export function listBodyParts(root: Part): BodyParts {
  const found: BodyParts = { text: [], html: null, attachments: [], embedded: [] };
  // The depth of the tree is limited by the structure scan, so recursion is safe.
  function visit(part: Part, isEmbedded: boolean): void {
    // A multipart without parts (no boundary, nested too deep) is content that can at least be downloaded.
    if (isMultipart(part) && part.children.length > 0) {
      for (const child of part.children) visit(child, isEmbedded);
      return;
    }
    if (isEmbedded) {
      found.embedded.push(part);
    } else if (part.contentType === 'text/plain' && part.disposition !== 'attachment') {
      found.text.push(part);
    } else if (part.contentType === 'text/html' && part.disposition !== 'attachment') {
      // Readers show the first one and offer later ones as files.
      if (found.html === null) found.html = part;
      else found.attachments.push(part);
    } else {
      found.attachments.push(part);
    }
    for (const child of part.children) visit(child, true);
  }
  visit(root, false);
  return found;
}
