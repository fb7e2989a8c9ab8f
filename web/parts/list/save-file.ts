// Gives a file to the browser to be saved.

export function saveFile(from: Blob | string, name: string): void {
  const href = typeof from === 'string' ? from : URL.createObjectURL(from);
  const link = Object.assign(document.createElement('a'), { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has begun to read it by then; until it is let go it holds its memory.
  if (typeof from !== 'string') setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
