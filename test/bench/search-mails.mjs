// Made-up mail for the search: the same each time, words as unequal as in real mail, and marks that are in every
// message, in one of a thousand, or in the oldest alone.

/** Mulberry32. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const syllables =
  'ba be bi bo bra ca ce co con da de di do er es fa fe fi for ga ge go ha he in ka la le li lo ma me mi mo na ne no on pa per po pre ra re ri ro sa se si so sta ta te ti to tra un va ve vi vo'.split(
    ' ',
  );
const frequent =
  'the to and you your of a in for is this we with our on are it that be have please an order account from not at email will'.split(
    ' ',
  );
const words = 20_000;

function createVocabulary(random) {
  const vocabulary = [...frequent];
  const known = new Set(vocabulary);
  while (vocabulary.length < words) {
    const count = 2 + Math.floor(random() * 3);
    let word = '';
    for (let n = 0; n < count; n++) word += syllables[Math.floor(random() * syllables.length)];
    if (!known.has(word)) vocabulary.push(word);
    known.add(word);
  }
  return vocabulary;
}

export const marks = { seldom: 'zqseldom', oldest: 'zqoldest', never: 'zqnever' };
const day = 86_400_000;
export const days = 100;
const codesOf = { seldom: 598, oldest: 599 };
const subjects = [
  'Your order',
  'Welcome to',
  'Reset your password',
  'Invoice',
  'Weekly report',
  'New sign-in to',
];
const files = ['invoice.pdf', 'report 2026.xlsx', 'terms.pdf', 'photo.jpg', 'backup.tar.gz'];
const outcomes = ['refused', 'auth-failed', 'tls-failed', 'aborted', 'no-command', 'timed-out'];

/** @returns a function that makes message `n` of `count`, with its session; 0 is the oldest. */
export function createSearchMails(count, now = Date.now()) {
  const random = createRandom(4711);
  const below = (n) => Math.floor(random() * n);
  const pick = (list) => list[below(list.length)];
  const vocabulary = createVocabulary(random);
  /** Zipf's law, more or less: the first word comes in most sentences, half of them in a few messages. */
  const word = () => vocabulary[Math.min(words - 1, Math.floor(words ** random()) - 1)];
  const text = (length) => Array.from({ length }, word).join(' ');
  const person = (most) => {
    const n = Math.floor(most ** random());
    const [first, last] = [vocabulary[200 + n], vocabulary[5000 + ((n * 7) % 10_000)]];
    return { name: `${first} ${last}`, address: `${first}.${last}@${vocabulary[300 + (n % 90)]}.example` };
  };

  return (n) => {
    const kind = n < 5 ? 'oldest' : n % 1000 === 7 ? 'seldom' : null;
    const mark = kind === null ? null : marks[kind];
    const marked = (value) => (mark === null ? value : `${value} ${mark}`);
    const from = person(400);
    if (mark !== null) from.name = mark;
    const to = [person(5000)];
    const cc = random() < 0.2 ? [person(5000)] : [];
    if (mark !== null) cc.push({ name: mark, address: `${mark}@cc.example` });
    const recipients = [...to, ...cc].map(({ address }) => address);
    if (mark !== null) recipients.push(`${mark}@hidden.example`);
    const attachments = random() < 0.15 || mark !== null ? [marked(pick(files))] : [];
    const body = `Hello ${to[0].name},\n\n${Array.from({ length: 3 + below(6) }, () => text(8 + below(25))).join('.\n')}.`;
    return {
      at: now - days * day + Math.floor((n * days * day) / count),
      from,
      to,
      cc,
      recipients,
      attachments,
      subject: marked(`${pick(subjects)} ${text(2 + below(3))} ${1000 + below(90_000)}`),
      text: marked(body),
      html: random() < 0.4 ? `<html><body><p>${body.replaceAll('\n', '<br>')}</p></body></html>` : null,
      mailer: marked(pick(['PHPMailer 6.9', 'nodemailer 7', 'Apache Commons 1.6', 'Symfony'])),
      size: kind === 'oldest' ? 200_000 : 1200 + below(2000),
      read: kind === 'oldest' || (random() < 0.7 && kind === null),
      pinned: kind === 'seldom',
      tags: kind === null ? [] : [mark],
      session: {
        client: kind === null ? `${vocabulary[400 + below(150)]}.internal.example` : `${mark}.example`,
        user: kind === null ? (random() < 0.5 ? `app-${below(20)}` : null) : mark,
        mechanism: kind === null ? (random() < 0.5 ? 'PLAIN' : 'LOGIN') : mark,
        tls:
          kind === 'oldest' ? 'TLSv1.1' : kind === 'seldom' ? 'TLSv1.2' : random() < 0.6 ? 'TLSv1.3' : null,
        listener: kind === null ? pick(['smtp', 'submission', 'smtps']) : mark,
        peer: { address: kind === 'oldest' ? '192.0.2.1' : '127.0.0.1', port: 32_768 + below(28_000) },
        codes: [220, 250, ...(kind === null ? (random() < 0.05 ? [550] : []) : [codesOf[kind]]), 354, 221],
        outcome:
          kind === 'oldest'
            ? 'interrupted'
            : kind === 'seldom'
              ? 'tls-failed'
              : random() < 0.9
                ? 'captured'
                : pick(outcomes.slice(0, 2)),
        anomalies: kind === null ? 0 : 1,
      },
    };
  };
}
