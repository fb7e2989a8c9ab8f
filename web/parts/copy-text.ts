/** Puts a text into the clipboard. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyBySelection(text);
  }
}

/** No clipboard outside a secure context, as under the address of this machine; the older way still works there. */
function copyBySelection(text: string): void {
  const active = document.activeElement;
  const area = Object.assign(document.createElement('textarea'), { value: text });
  area.style.cssText = 'position: fixed; top: 0; opacity: 0';
  // Outside of an open dialog nothing can be selected.
  (document.querySelector('dialog:modal') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
  if (active instanceof HTMLElement) active.focus({ preventScroll: true });
}
