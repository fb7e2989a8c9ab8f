// What had the focus may go away, such as a button that took something back.
import { tick } from 'svelte';

/** Gives the focus to where one goes on, where nothing has it any more. */
export async function keepFocus(focus: () => void): Promise<void> {
  await tick();
  if (document.activeElement === document.body) focus();
}

/** Goes on to the list; whether there is one: where nothing is found there is none. */
export function focusList(list: { focus: () => void } | null | undefined): boolean {
  list?.focus();
  return list != null;
}
