// Date, Message-ID, Subject and List-Unsubscribe: whether they are there, and in their form.
import type { Evidence, Found } from '../../../shared/finding.ts';
import { withoutComments } from '../comments.ts';
import { type CheckedMessage, fieldPlace, fieldsNamed, toFound, writtenValue } from './checked.ts';

const dayMs = 86_400_000;
/** The oldest mail that somebody may still send on. */
const firstYear = 1990;

const missing = (header: string): Evidence => ({ kind: 'missing-header', header });

/** RFC 5322 3.3, with what 4.3 still allows. */
const mailDate =
  /^(?:[a-z]{3}, ?)?\d{1,2} [a-z]{3} \d{2,4} \d{1,2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|[a-z]{1,5})$/i;

export function* checkDate(message: CheckedMessage): Generator<Found> {
  const { date, nowMs, raw } = message;
  const [field] = fieldsNamed(message, 'date');
  if (field === undefined) {
    yield toFound('header.no-date', [missing('Date')]);
    return;
  }
  const written = writtenValue(field).slice(0, 1000);
  if (!mailDate.test(withoutComments(written).replace(/\s+/g, ' ').trim()))
    yield toFound(
      'header.date-invalid',
      [fieldPlace(raw, field)],
      { value: written },
      // What we can read others often can.
      { severity: date === null ? 'warning' : 'notice' },
    );
  if (date === null) return;
  const atMs = Date.parse(date);
  const aheadMs = atMs - nowMs;
  const isEarly = new Date(atMs).getUTCFullYear() < firstYear;
  if (aheadMs > dayMs || isEarly)
    yield toFound(
      'header.date-implausible',
      [fieldPlace(raw, field)],
      {
        value: date,
        how: isEarly ? 'older than nearly all mail' : `${String(Math.round(aheadMs / dayMs))} days ahead`,
      },
      { confidence: 0.9 },
    );
}

/** No name that is known outside of the machine or its network. */
const isLocalName = (domain: string): boolean =>
  /^(?:[^.]+|.+\.(?:local|localdomain|internal|lan|home|localhost))$/i.test(domain) &&
  !domain.startsWith('[');

export function* checkMessageId(message: CheckedMessage): Generator<Found> {
  const [field] = fieldsNamed(message, 'message-id');
  if (field === undefined) {
    yield toFound('header.no-message-id', [missing('Message-ID')]);
    return;
  }
  const written = writtenValue(field).slice(0, 1000);
  const domain = /^<[^<>@\s]+@([^<>@\s]+)>$/.exec(withoutComments(written).trim())?.[1];
  const place = fieldPlace(message.raw, field);
  // A quoted word before the @ may hold anything.
  if (domain === undefined && !/^<".{0,500}"@[^<>@\s]+>$/.test(written))
    yield toFound('header.message-id-invalid', [place], { value: written });
  else if (domain !== undefined && isLocalName(domain))
    yield toFound('header.message-id-local', [place], { domain }, { confidence: 0.9 });
}

export function* checkSubject(message: CheckedMessage): Generator<Found> {
  if (message.subject.trim() !== '') return;
  const [field] = fieldsNamed(message, 'subject');
  yield toFound('header.no-subject', [field ? fieldPlace(message.raw, field) : missing('Subject')]);
}

export function* checkUnsubscribe(message: CheckedMessage): Generator<Found> {
  const { raw, unsubscribe, links } = message;
  if (unsubscribe !== null) {
    if (unsubscribe.problem === null) return;
    const fields = fieldsNamed(message, 'list-unsubscribe', 'list-unsubscribe-post');
    const evidence = fields.map((field) => fieldPlace(raw, field));
    yield toFound('header.unsubscribe-invalid', evidence, { problem: unsubscribe.problem });
    return;
  }
  const [list] = fieldsNamed(message, 'list-id');
  const [bulk] = fieldsNamed(message, 'precedence').filter(({ value }) => /^(?:bulk|list)$/i.test(value));
  const hasLink = links.some(({ purpose }) => purpose === 'unsubscribe');
  const how = list
    ? 'has a List-Id'
    : bulk
      ? `says Precedence: ${bulk.value}`
      : 'has a link to unsubscribe in its text';
  if (!list && !bulk && !hasLink) return;
  const field = list ?? bulk;
  yield toFound(
    'header.unsubscribe-missing',
    [missing('List-Unsubscribe'), ...(field ? [fieldPlace(raw, field)] : [])],
    { how },
    { confidence: 0.8 },
  );
}
