/** Puts a text into the clipboard. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard outside a secure context; the older way still works there.
    const area = Object.assign(document.createElement('textarea'), { value: text });
    const focused = document.activeElement;
    // Behind a dialog nothing can be selected.
    (focused?.closest('dialog') ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
