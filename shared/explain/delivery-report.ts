// What became of a mail, as the other side reports it: message/delivery-status (RFC 3464) and
// message/disposition-notification (RFC 8098).
export interface ReportField {
  /** As sent, e.g. `Remote-MTA`. */
  name: string;
  /** What stands before a semicolon where the RFC has it so, e.g. `dns`, `rfc822`, `smtp`; else empty. */
  type: string;
  value: string;
}

export interface ReportedRecipient {
  /** The final recipient, or else the original one; may be empty. */
  address: string;
  /** In lower case, as sent: `failed`, `delayed`, `delivered`, `relayed`, `expanded`; of a notification `displayed`,
   *  `deleted` and others. Empty when not said. */
  action: string;
  /** An enhanced code, e.g. `5.1.1`; empty when not said, and in notifications. */
  status: string;
  /** All others, in their order. */
  fields: ReportField[];
}

export interface DeliveryReport {
  /** About the whole message. */
  fields: ReportField[];
  recipients: ReportedRecipient[];
  /** There is more than is given. */
  isTruncated: boolean;
}

const maxText = 256 * 1024;
const maxRecipients = 500;
const maxFields = 40;
const maxValue = 2000;

const typed =
  /^(?:reporting-mta|dsn-gateway|received-from-mta|remote-mta|mdn-gateway|(?:original|final)-recipient|diagnostic-code)$/i;
/** RFC 3464 2.2, RFC 8098 3.1: some senders leave out the empty line between these and the first recipient. */
const ofMessage =
  /^(?:reporting-mta|reporting-ua|dsn-gateway|mdn-gateway|received-from-mta|arrival-date|original-envelope-id|original-message-id)$/i;

function parseField(line: string): ReportField | null {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0)).trimEnd();
  if (!/^[A-Za-z0-9-]{1,60}$/.test(name)) return null;
  const text = line.slice(colon + 1, colon + 1 + maxValue).trim();
  const semicolon = typed.test(name) ? text.indexOf(';') : -1;
  return {
    name,
    type: semicolon < 0 ? '' : text.slice(0, Math.min(semicolon, 60)).trim(),
    value: text.slice(semicolon + 1).trim(),
  };
}

/** Groups of fields, with the lines of a folded one joined. */
function parseGroups(text: string): { groups: ReportField[][]; isTruncated: boolean } {
  const groups: ReportField[][] = [];
  let isTruncated = text.length > maxText;
  const unfolded = text
    .slice(0, maxText)
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+(?=\S)/g, ' ');
  for (const paragraph of unfolded.split(/\n\s*\n/)) {
    const lines = paragraph.split('\n');
    const fields = lines.slice(0, maxFields).flatMap((line) => parseField(line) ?? []);
    if (lines.length > maxFields) isTruncated = true;
    if (fields.length === 0) continue;
    if (groups.length > maxRecipients) return { groups, isTruncated: true };
    groups.push(fields);
  }
  return { groups, isTruncated };
}

const find = (fields: readonly ReportField[], name: string): string =>
  fields.find((field) => field.name.toLowerCase() === name)?.value ?? '';

function readRecipient(fields: readonly ReportField[]): ReportedRecipient {
  const original = find(fields, 'original-recipient');
  const address = find(fields, 'final-recipient') || original;
  // RFC 8098 3.2.6: `manual-action/MDN-sent-manually; displayed/error`.
  const disposition = find(fields, 'disposition').split(';', 2)[1] ?? '';
  const action = find(fields, 'action') || disposition.split('/', 1)[0]!.trim();
  const said = new Set(['final-recipient', 'action', 'status']);
  // Where both are the same, one says it all.
  if (original === address) said.add('original-recipient');
  return {
    address,
    action: action.slice(0, 60).toLowerCase(),
    status: find(fields, 'status').slice(0, 60),
    fields: fields.filter(({ name }) => !said.has(name.toLowerCase())),
  };
}

/** Anything gives a report, perhaps an empty one. Never throws. */
export function parseDeliveryReport(text: string): DeliveryReport {
  const { groups, isTruncated } = parseGroups(text);
  const [first = [], ...rest] = groups;
  const fields = first.filter(({ name }) => ofMessage.test(name));
  const others = first.filter(({ name }) => !ofMessage.test(name));
  const isAboutMessage = ['final-recipient', 'action', 'disposition'].every(
    (name) => find(others, name) === '',
  );
  return {
    fields: isAboutMessage ? first : fields,
    recipients: (isAboutMessage ? rest : [others, ...rest]).map(readRecipient),
    isTruncated,
  };
}
