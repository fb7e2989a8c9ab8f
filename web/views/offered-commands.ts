// What the view that is open lets the command palette do: with the open message or session, or with the chosen ones.
import type { Command } from '../parts/palette/command.ts';
import type { Palette } from '../state/palette.svelte.ts';

type Look = Pick<Command, 'label' | 'icon' | 'keys' | 'also'>;

const looks = {
  mark: { label: 'Mark as unread, or as read', icon: 'mail', keys: ['u'] },
  pin: { label: 'Pin, or unpin', icon: 'star', keys: ['s'], also: 'keep' },
  tag: { label: 'Tags', icon: 'tag', keys: ['t'], also: 'label' },
  download: { label: 'Download', icon: 'download', also: 'save eml mbox export source' },
  text: { label: 'Open the transcript as text', icon: 'external', also: 'save export download' },
  print: { label: 'Print', icon: 'printer', also: 'paper pdf' },
  compare: { label: 'Compare with another one', icon: 'compare', also: 'difference diff' },
  session: { label: 'How it arrived, line by line', icon: 'activity', also: 'session transcript wire' },
  link: { label: 'Copy the link to it', icon: 'copy', also: 'url address share' },
  next: { label: 'Next', icon: 'bottom', keys: [']'] },
  previous: { label: 'Previous', icon: 'up', keys: ['['] },
  delete: { label: 'Delete', icon: 'trash', keys: ['e'], also: 'remove' },
} satisfies Record<string, Look>;

type Name = keyof typeof looks;
const order = Object.keys(looks);
/** Tabs come last. */
const place = (name: string): number => (Object.hasOwn(looks, name) ? order.indexOf(name) : order.length);
type Actions = { [N in Name]?: (() => void) | false };

/** Offers what there is an action for, and tabs in the order of their keys, each by what is read; returns what ends it. */
export function offerCommands(
  palette: Palette,
  of: string,
  actions: Actions,
  tabs: readonly { label: string; run: () => void }[] = [],
): () => void {
  return palette.offer([
    ...Object.entries(actions).flatMap(([name, run]) => (run ? { of, name, run } : [])),
    ...tabs.map(({ label, run }) => ({ of, name: `Show ${label}`, run })),
  ]);
}

/** The commands that are offered, in one order, whoever offered them last; the tabs only where they are looked for, since they are seen anyway. */
export function offeredCommands(palette: Palette, withTabs: boolean): Command[] {
  let key = 0;
  const offered = palette.offered.toSorted((a, b) => place(a.name) - place(b.name));
  return offered.flatMap(({ of, name, run }): Command[] => {
    const command = { id: `${of} ${name}`, group: of, run };
    if (Object.hasOwn(looks, name)) return [{ ...command, ...looks[name as Name] }];
    key += 1;
    return withTabs ? [{ ...command, label: name, icon: 'eye', keys: [`${key}`], also: 'tab' }] : [];
  });
}
