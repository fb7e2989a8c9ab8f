// How a part is handed to a browser: under which name and as what. Nothing of it may be run there.

const maxName = 150;

export interface DownloadName {
  /** Printable ASCII without quotes, for `filename=`. */
  ascii: string;
  /** For `filename*=`, not yet percent-encoded. */
  utf8: string;
}

// Controls, what Windows and shells give a meaning, and what turns text around or hides in it (RLO, zero width).

const unsafe = /[\x00-\x1f\x7f-\x9f"*:<>?|\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Shortens from the middle of the name, so that the extension stays. */
function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= maxName) return name;
  const dot = characters.lastIndexOf('.');
  const extension = dot > 0 && characters.length - dot <= 20 ? characters.slice(dot) : [];
  return [...characters.slice(0, maxName - extension.length), ...extension].join('');
}

/** A file name that is safe wherever it is saved; the last component of a path. */
export function downloadName(filename: string | null): DownloadName {
  const last =
    (filename ?? '')
      .slice(-4000)
      .split(/[/\\]/)
      .findLast((piece) => /[^.\s]/.test(piece)) ?? '';
  const clean = last
    .replace(/\p{Surrogate}/gu, '')
    .replace(unsafe, '')
    .replace(/\s+/g, ' ')
    .replace(/^[. ~-]+/, '')
    .trimEnd()
    .replace(/[. ]{1,4000}$/, '');
  // Names of devices on Windows.
  const utf8 = shorten(clean.replace(/^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i, '_$1')) || 'attachment';
  return {
    utf8,
    ascii: shorten(
      utf8
        .normalize('NFKD')
        .replace(/[^\x20-\x7e]/g, '_')
        .replace(/[/\\"%:*?<>|]/g, '_'),
    ),
  };
}

/** The value of Content-Disposition (RFC 6266 §4, RFC 8187). */
export function contentDisposition(type: 'inline' | 'attachment', filename: string | null): string {
  const { ascii, utf8 } = downloadName(filename);
  const encoded = encodeURIComponent(utf8).replace(
    /['()*!]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${type}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

const isAt = (bytes: Buffer, offset: number, text: string): boolean =>
  bytes.toString('latin1', offset, offset + text.length) === text;

function imageType(bytes: Buffer): string | null {
  if (isAt(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (isAt(bytes, 0, '\xff\xd8\xff')) return 'image/jpeg';
  if (isAt(bytes, 0, 'GIF87a') || isAt(bytes, 0, 'GIF89a')) return 'image/gif';
  return isAt(bytes, 0, 'RIFF') && isAt(bytes, 8, 'WEBP') ? 'image/webp' : null;
}

/**
 * Shown in place are only images whose first bytes say so and that do not claim to be something else; the rest is a
 * download without a type.
 */
export function servedType(bytes: Buffer, declared: string): { contentType: string; inline: boolean } {
  const claimsImage =
    /^(image\/[\w.+-]+|application\/octet-stream)$/i.test(declared) && !/svg|xml/i.test(declared);
  const found = claimsImage ? imageType(bytes) : null;
  return found
    ? { contentType: found, inline: true }
    : { contentType: 'application/octet-stream', inline: false };
}
