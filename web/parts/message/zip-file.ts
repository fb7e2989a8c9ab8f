// Files in one archive, uncompressed: attachments mostly are compressed already. PKWARE APPNOTE 6.3.10, without ZIP64.
export interface ZipEntry {
  name: string;
  bytes: Uint8Array;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Names as the sender gave them, but never a path, never hidden or reserved, and each once. */
export function fileNames(wanted: readonly string[]): string[] {
  const taken = new Set<string>();
  return wanted.map((name, index) => {
    const safe = [...name.normalize('NFC')]
      .map((letter) => (/[\p{C}\p{Zl}\p{Zp}<>:"/\\|?*]/u.test(letter) ? '_' : letter))
      .slice(0, 120)
      .join('')
      .replace(/^[.\s]+|(?<![.\s])[.\s]+$/g, '');
    const base = safe === '' ? `attachment-${index + 1}` : reserved.test(safe) ? `_${safe}` : safe;
    const dot = base.lastIndexOf('.') > 0 ? base.lastIndexOf('.') : base.length;
    let free = base;
    for (let n = 2; taken.has(free.toLowerCase()); n++)
      free = `${base.slice(0, dot)} (${n})${base.slice(dot)}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** Numbers of 2 and 4 bytes, little end first. */
function fields(...values: (readonly [width: 2 | 4, value: number])[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(values.reduce((sum, [width]) => sum + width, 0)));
  let at = 0;
  for (const [width, value] of values) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return new Uint8Array(view.buffer);
}

const utf8Names = 0x0800;

/** For a Blob. Names are taken as they are: see `fileNames`. */
export function zipFile(entries: readonly ZipEntry[], time: Date): Uint8Array<ArrayBuffer>[] {
  const dosTime = (time.getHours() << 11) | (time.getMinutes() << 5) | (time.getSeconds() >> 1);
  const dosDate = ((time.getFullYear() - 1980) << 9) | ((time.getMonth() + 1) << 5) | time.getDate();
  const files: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  let directorySize = 0;
  for (const { name, bytes } of entries) {
    const encoded = new Uint8Array(new TextEncoder().encode(name));
    const content = new Uint8Array(bytes);
    const facts = [
      [2, 20],
      [2, utf8Names],
      [2, 0],
      [2, dosTime],
      [2, dosDate],
      [4, crc32(content)],
      [4, content.length],
      [4, content.length],
      [2, encoded.length],
      [2, 0],
    ] as const;
    const head = fields([4, 0x04034b50], ...facts);
    const line = fields([4, 0x02014b50], [2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    files.push(head, encoded, content);
    directory.push(line, encoded);
    offset += head.length + encoded.length + content.length;
    directorySize += line.length + encoded.length;
  }
  const count = entries.length;
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, directorySize],
    [4, offset],
    [2, 0],
  );
  return [...files, ...directory, end];
}
