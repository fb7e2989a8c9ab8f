// From, To and the like: whether they name addresses, as a server reads them.
import type { Found } from '../../../shared/finding.ts';
import type { HeaderField } from '../../../shared/message.ts';
import { type ListedAddress, parseAddresses } from '../addresses.ts';
import { withoutComments } from '../comments.ts';
import { type CheckedMessage, fieldPlace, fieldsNamed, toFound, writtenValue } from './checked.ts';

const mostAddresses = 1000;

interface AddressField {
  field: HeaderField;
  written: string;
  /** As a server reads them: nothing was decoded before. */
  list: ListedAddress[];
}

function readField(field: HeaderField): AddressField {
  const written = writtenValue(field);
  return { field, written, list: parseAddresses(written, mostAddresses, true) };
}

/** With the members of groups. */
const mailboxesOf = ({ list }: AddressField): ListedAddress[] =>
  list.flatMap((address) => address.group ?? [address]);

/** A quoted local part may hold an @ (RFC 5322 3.4.1). */
const isAddress = ({ address }: ListedAddress): boolean =>
  /^(?:[^@]+|"(?:[^"\\]|\\.)+")@[^@]+$/.test(address);

const hiddenAddress = /[^\s<>@"]{1,64}@[^\s<>@"]{1,255}/;
/** Before the @ or behind it, where no blank divides it from the address. */
const wordInAddress =
  /=\?[^?\s]{1,60}\?[bq]\?[^?\s]{0,1000}\?=[\w.+-]{0,64}@[^\s<>,]{0,255}|[\w.+-]{1,64}@[\w.-]{0,255}=\?[^?\s]{1,60}\?[bq]\?[^?\s]{0,1000}\?=/i;

/** The addresses as they are written, without the display names, which may hold anything. */
function writtenAddresses(written: string): string[] {
  const unquoted = withoutComments(written).replace(
    /"((?:[^"\\]|\\.)*)(?:"(@?)|\\?$)/gs,
    (_, inside: string, at: string | undefined) => (at ? `${inside}@` : ' '),
  );
  return unquoted.split(/[,;]/).map((mailbox) => /<([^<>]*)/.exec(mailbox)?.[1] ?? mailbox);
}

/** What stands for recipients that are not to be known. */
const unknown = /undisclosed|unlisted|suppressed|not shown/i;

/** The problem of one field that is nearest to the cause. */
function checkField(message: CheckedMessage, address: AddressField): Found | undefined {
  const { field, written } = address;
  const { name } = field;
  const evidence = [fieldPlace(message.raw, field)];
  const isEncoded = written.includes('=?');
  const inWord = isEncoded
    ? writtenAddresses(written.slice(0, 16_384)).find((one) => wordInAddress.test(one))
    : undefined;
  if (inWord !== undefined) {
    const found = wordInAddress.exec(inWord)![0];
    return toFound('header.encoded-word-in-address', evidence, { name, address: found });
  }
  const mailboxes = mailboxesOf(address);
  const hidden = mailboxes.find((one) => isEncoded && one.address === '' && hiddenAddress.test(one.name));
  if (hidden) return toFound('header.encoded-address', evidence, { name, value: hidden.name });
  const wrong = mailboxes.findIndex((one) => !isAddress(one));
  if (wrong < 0) return undefined;
  const { name: words, address: spec } = mailboxes[wrong]!;
  const value = words === '' ? spec : words;
  const next = mailboxes[wrong + 1];
  if (spec === '' && next !== undefined && isAddress(next) && next.name !== '')
    return toFound('header.unquoted-comma', evidence, { name, value }, { confidence: 0.85 });
  if (name.toLowerCase() === 'from') return undefined;
  return toFound(
    'header.address-invalid',
    evidence,
    { name, value },
    { confidence: 0.8, severity: unknown.test(value) ? 'notice' : 'warning' },
  );
}

function* checkFrom(message: CheckedMessage, from: AddressField | undefined): Generator<Found> {
  if (from === undefined) {
    yield toFound('header.no-from', [{ kind: 'missing-header', header: 'From' }]);
    return;
  }
  const evidence = [fieldPlace(message.raw, from.field)];
  const count = mailboxesOf(from).filter(isAddress).length;
  // A group without members is allowed (RFC 6854), if hardly ever meant.
  const isGroup = from.list.length > 0 && from.list.every(({ group }) => group?.length === 0);
  if (count === 0)
    yield toFound(
      'header.from-invalid',
      evidence,
      { value: from.written },
      isGroup ? { severity: 'notice' } : {},
    );
  if (count > 1 && fieldsNamed(message, 'sender').length === 0)
    yield toFound('header.sender-missing', evidence, { count });
}

export function* checkAddresses(message: CheckedMessage): Generator<Found> {
  const names = ['from', 'sender', 'reply-to', 'to', 'cc', 'bcc'];
  const fields = fieldsNamed(message, ...names)
    .slice(0, 20)
    .map(readField);
  yield* checkFrom(
    message,
    fields.find(({ field }) => field.name.toLowerCase() === 'from'),
  );
  for (const field of fields) {
    const found = checkField(message, field);
    if (found) yield found;
  }
  const blind = fields.filter((one) => /^bcc$/i.test(one.field.name) && mailboxesOf(one).length > 0);
  if (blind.length > 0)
    yield toFound(
      'header.bcc-leaked',
      blind.map(({ field }) => fieldPlace(message.raw, field)),
      { count: blind.flatMap(mailboxesOf).length },
    );
  if (fieldsNamed(message, 'to', 'cc', 'bcc').length === 0)
    yield toFound('header.no-recipients', [{ kind: 'missing-header', header: 'To' }]);
}
