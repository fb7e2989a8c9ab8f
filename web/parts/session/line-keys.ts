// The keys of the transcript. They are heard before those of the page, so that j and k walk lines while one is there.
export type LineKey = 'find' | 'next' | 'before' | 'leave';

/** `isHere`: the focus is in the transcript, or nowhere while a line is pointed at. */
export function readLineKey(event: KeyboardEvent, isHere: boolean): LineKey | null {
  if (event.altKey || event.defaultPrevented || document.querySelector('dialog[open]')) return null;
  if (document.activeElement?.matches('input, textarea, select')) return null;
  if (event.ctrlKey || event.metaKey) {
    // The browser finds only the rows that are drawn. A second press, in the field, is the browser's again.
    return event.key.toLowerCase() === 'f' && !event.shiftKey ? 'find' : null;
  }
  if (!isHere) return null;
  if (event.key === 'j') return 'next';
  if (event.key === 'k') return 'before';
  return event.key === 'Escape' ? 'leave' : null;
}
