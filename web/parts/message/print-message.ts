// Prints a message and nothing of the page around it.
import { mount, unmount } from 'svelte';
import type { Message } from '../../../shared/message.ts';
import PrintSheet from './PrintSheet.svelte';

/** A frame that does not load must not keep the paper waiting. */
const patienceMs = 4000;

export async function printMessage(message: Message, frame: string | null): Promise<void> {
  const target = document.createElement('div');
  target.className = 'print-place';
  document.body.append(target);
  let ready = (): void => undefined;
  const isReady = new Promise<void>((done) => (ready = done));
  const sheet = mount(PrintSheet, { target, props: { message, frame, onready: () => ready() } });
  await Promise.race([isReady, new Promise((done) => setTimeout(done, patienceMs))]);
  const isOver = new Promise((done) => window.addEventListener('afterprint', done, { once: true }));
  window.print();
  await isOver;
  await unmount(sheet);
  target.remove();
}
