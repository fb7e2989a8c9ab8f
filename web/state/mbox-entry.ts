// One message of an mbox file (RFC 4155, with the quoting of mboxrd, which can be undone).
const [lf, cr, gt] = [10, 13, 62];
const from = [...'From '].map((letter) => letter.charCodeAt(0));
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As asctime() writes it, in UTC. */
function formatTime(iso: string): string {
  const at = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
  const day = String(at.getUTCDate()).padStart(2);
  return `${days[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${day} ${clock} ${at.getUTCFullYear()}`;
}

function separator(row: { mailFrom: string; receivedAt: string } | undefined): Uint8Array {
  const sender = (row?.mailFrom ?? '').replace(/[^\x21-\x7e]/g, '_') || 'MAILER-DAEMON';
  return new TextEncoder().encode(
    `From ${sender} ${formatTime(row?.receivedAt ?? '1970-01-01T00:00:00Z')}\n`,
  );
}

/**
 * Line ends become LF, as in mailbox files; a line that would begin a message gets a `>` in front, `From :` as well: to
 * some readers each line with "From " begins one.
 */
export function mboxEntry(
  row: { mailFrom: string; receivedAt: string } | undefined,
  raw: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const head = separator(row);
  // At most every sixth byte begins a line that is quoted.
  const entry = new Uint8Array(head.length + raw.length + Math.ceil(raw.length / 5) + 2);
  entry.set(head);
  let end = head.length;
  let isLineStart = true;
  for (let at = 0; at < raw.length; at += 1) {
    if (isLineStart) {
      let word = at;
      while (raw[word] === gt) word += 1;
      if (from.every((letter, index) => raw[word + index] === letter)) entry[end++] = gt;
      while (at < word) entry[end++] = raw[at++] ?? 0;
      if (at >= raw.length) break;
    }
    const byte = raw[at] ?? 0;
    if (byte === cr && raw[at + 1] === lf) {
      isLineStart = false;
      continue;
    }
    entry[end++] = byte;
    isLineStart = byte === lf;
  }
  if (!isLineStart) entry[end++] = lf;
  entry[end++] = lf;
  return entry.slice(0, end);
}
