// Prints a part by itself, and nothing of the page around it.
import { mount, unmount, type Component } from 'svelte';

/** What does not load must not keep the paper waiting. */
const patienceMs = 4000;

export async function print<P extends { onready: () => void }>(
  sheet: Component<P>,
  props: Omit<P, 'onready'>,
): Promise<void> {
  const target = document.createElement('div');
  target.className = 'print-place';
  document.body.append(target);
  let ready = (): void => undefined;
  const isReady = new Promise<void>((done) => (ready = done));
  const mounted = mount(sheet, { target, props: { ...props, onready: () => ready() } as P });
  await Promise.race([isReady, new Promise((done) => setTimeout(done, patienceMs))]);
  const isOver = new Promise((done) => window.addEventListener('afterprint', done, { once: true }));
  window.print();
  await isOver;
  await unmount(mounted);
  target.remove();
}
