/** `1.2 KB` of 1,024 bytes each; `bytes` is how the tool calls them. */
export function humanSize(size: number, bytes: string): string {
  const units = [bytes, 'KB', 'MB', 'GB', 'TB'];
  const unit = size < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(size) / Math.log(1024)));
  return `${Number((size / 1024 ** unit).toFixed(2))} ${units[unit]}`;
}
