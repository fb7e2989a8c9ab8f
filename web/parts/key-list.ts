// Every key of the page with its meaning, for the help and the settings.
export interface KeyRow {
  /** As shown: pressed one after the other, or together where the first is Ctrl or Shift. */
  keys: readonly string[];
  meaning: string;
  /** As bound, where that is not just what is shown. */
  binds?: readonly string[];
}

export interface KeyGroup {
  title: string;
  rows: readonly KeyRow[];
}

/** The key that browsers on Apple's systems have in the place of Ctrl. */
export const mod =
  typeof navigator !== 'undefined' && /Mac|iP(?:hone|ad)/.test(navigator.platform) ? '⌘' : 'Ctrl';

export const paletteKeys = [mod, 'K'];

const goTo = (key: string, meaning: string): KeyRow => ({
  keys: ['g', key],
  meaning,
  binds: [`g ${key}`],
});
const withMod = (key: string, meaning: string): KeyRow => ({
  keys: [mod, key],
  meaning,
  binds: [`$mod+${key.toLowerCase()}`],
});

export const keyGroups: readonly KeyGroup[] = [
  {
    title: 'Anywhere',
    rows: [
      withMod('K', 'Search and commands'),
      goTo('i', 'Inbox'),
      goTo('s', 'Sessions'),
      goTo('c', 'Connect'),
      goTo('f', 'Faults'),
      goTo('p', 'Issues'),
      goTo(',', 'Settings'),
      { keys: ['?'], meaning: 'These keys', binds: ['?', 'Shift+?'] },
    ],
  },
  {
    title: 'Lists',
    rows: [
      { keys: ['/'], meaning: 'Search', binds: ['/', 'Shift+/'] },
      { keys: ['j'], meaning: 'Open the next' },
      { keys: ['k'], meaning: 'Open the previous' },
      { keys: ['↓', '↑'], meaning: 'Go along the rows', binds: ['ArrowDown', 'ArrowUp'] },
      { keys: ['PgDn', 'PgUp'], meaning: 'By a page', binds: ['PageDown', 'PageUp'] },
      { keys: ['Home', 'End'], meaning: 'To the first, the last' },
      { keys: ['Enter'], meaning: 'Open the row' },
      { keys: ['Esc'], meaning: 'Clear the selection, close, clear the search', binds: ['Escape'] },
    ],
  },
  {
    title: 'Messages',
    rows: [
      { keys: ['x'], meaning: 'Select; so does the space bar', binds: ['x', ' '] },
      { keys: ['Shift', 'J'], meaning: 'Select up to the next', binds: ['Shift+j'] },
      { keys: ['Shift', 'K'], meaning: 'Select up to the previous', binds: ['Shift+k'] },
      withMod('A', 'Select what is loaded'),
      { keys: ['u'], meaning: 'Mark as unread, or as read' },
      { keys: ['s'], meaning: 'Pin, or unpin' },
      { keys: ['t'], meaning: 'Tags' },
      { keys: ['e'], meaning: 'Delete; so do # and Del', binds: ['e', '#', 'Shift+#', 'Delete'] },
      withMod('Z', 'Undo deleting, for 60\u00A0s'),
    ],
  },
  {
    title: 'What is open',
    rows: [
      { keys: ['1', '…', '9'], meaning: 'Its tabs', binds: [...'123456789'] },
      { keys: ['['], meaning: 'Previous' },
      { keys: [']'], meaning: 'Next' },
      withMod('F', 'Find in the source, the transcript'),
      withMod('P', 'Print'),
    ],
  },
];
