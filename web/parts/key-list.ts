// Every key of the page with its meaning, for the help and the settings.
export interface KeyGroup {
  title: string;
  /** Keys of one row are pressed one after the other, or together where the first is Ctrl or Shift. */
  rows: readonly { keys: readonly string[]; meaning: string }[];
}

/** The key that browsers on Apple's systems have in the place of Ctrl. */
const mod = typeof navigator !== 'undefined' && /Mac|iP(?:hone|ad)/.test(navigator.platform) ? '⌘' : 'Ctrl';

export const paletteKeys = [mod, 'K'];

export const keyGroups: readonly KeyGroup[] = [
  {
    title: 'Anywhere',
    rows: [
      { keys: paletteKeys, meaning: 'Search and commands' },
      { keys: ['g', 'i'], meaning: 'Inbox' },
      { keys: ['g', 's'], meaning: 'Sessions' },
      { keys: ['g', 'c'], meaning: 'Connect' },
      { keys: ['g', ','], meaning: 'Settings' },
      { keys: ['?'], meaning: 'These keys' },
    ],
  },
  {
    title: 'Lists',
    rows: [
      { keys: ['j'], meaning: 'Next' },
      { keys: ['k'], meaning: 'Previous' },
      { keys: ['Enter'], meaning: 'Open the focused row' },
      { keys: ['Esc'], meaning: 'Clear the selection, then back to the list' },
    ],
  },
  {
    title: 'Messages',
    rows: [
      { keys: ['e'], meaning: 'Delete' },
      { keys: ['#'], meaning: 'Delete' },
      { keys: [mod, 'Z'], meaning: 'Undo the deletion, within 60 s' },
      { keys: ['u'], meaning: 'Mark as unread' },
      { keys: ['x'], meaning: 'Select' },
    ],
  },
];
