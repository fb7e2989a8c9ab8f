// The parameters of MAIL and RCPT that extensions add, each with what its value says.
import { plural } from './wording.ts';

export interface ParameterRow {
  meaning: string;
  reference: string;
  /** What this value says; null when it is not one that the extension allows. */
  value?: (value: string) => string | null;
}

/** RFC 3461 4: `+2B` stands for a byte. */
function decodeXtext(text: string): string {
  const asUri = text
    .slice(0, 2000)
    .replaceAll('%', '%25')
    .replace(/\+([0-9A-F]{2})/gi, '%$1');
  try {
    return decodeURIComponent(asUri);
  } catch {
    // The bytes are no UTF-8.
    return text;
  }
}

const words =
  (meanings: Readonly<Record<string, string>>) =>
  (value: string): string | null => {
    const known = value
      .split(',', 20)
      .map((word) => (Object.hasOwn(meanings, word.toUpperCase()) ? meanings[word.toUpperCase()]! : null));
    return known.includes(null) ? null : known.join(', ');
  };

const whole = (value: string, limit: number): number | null =>
  /^\d{1,20}$/.test(value) && Number(value) <= limit ? Number(value) : null;

const seconds = (value: string): string | null => {
  const count = whole(value, 999_999_999);
  return count === null ? null : `held for ${plural(count, 'second')}`;
};

export const mailParameters: Readonly<Record<string, ParameterRow>> = {
  SIZE: {
    meaning: 'How big the message will be, so that a server can refuse it before it is sent.',
    reference: 'RFC 1870 5',
    value: (value) => {
      const count = whole(value, Number.MAX_SAFE_INTEGER);
      return count === null ? null : plural(count, 'byte');
    },
  },
  BODY: {
    meaning: 'Which bytes the body may hold.',
    reference: 'RFC 6152 3, RFC 3030 3',
    value: words({
      '7BIT': 'ASCII only',
      '8BITMIME': 'bytes above 127, in lines',
      BINARYMIME: 'any bytes, without lines; sent by BDAT only',
    }),
  },
  SMTPUTF8: {
    meaning: 'Addresses and headers may be in UTF-8. A next host without SMTPUTF8 has to bounce the message.',
    reference: 'RFC 6531 3.4',
  },
  RET: {
    meaning: 'What a failure report shall return of the message.',
    reference: 'RFC 3461 4.3',
    value: words({ FULL: 'the whole message', HDRS: 'its header only' }),
  },
  ENVID: {
    meaning: 'A name for this sending that delivery reports will repeat.',
    reference: 'RFC 3461 4.4',
    value: decodeXtext,
  },
  AUTH: {
    meaning: 'Who handed in the message first, as this client vouches.',
    reference: 'RFC 4954 5',
    value: (value) => (value === '<>' ? 'not known or not told' : decodeXtext(value)),
  },
  REQUIRETLS: {
    meaning: 'Each further host must use TLS with a verified certificate, or the message bounces.',
    reference: 'RFC 8689 3',
  },
  BY: {
    meaning: 'The time within which it is to be delivered.',
    reference: 'RFC 2852 4',
    value: (value) => {
      const [, time, mode, trace] = /^(-?\d{1,9});([NR])(T?)$/i.exec(value) ?? [];
      if (time === undefined) return null;
      const then = mode!.toUpperCase() === 'R' ? 'or it is returned' : 'or a report is sent';
      return `${plural(Number(time), 'second')}, ${then}${trace ? ', traced' : ''}`;
    },
  },
  HOLDFOR: { meaning: 'It is to be released later.', reference: 'RFC 4865 4', value: seconds },
  HOLDUNTIL: {
    meaning: 'It is to be released at this time.',
    reference: 'RFC 4865 4',
    value: (value) => value,
  },
  'MT-PRIORITY': {
    meaning: 'How urgent it is, from -9 to 9.',
    reference: 'RFC 6710 4',
    value: (value) => (/^[+-]?\d$/.test(value) ? (Number(value) > 0 ? 'urgent' : 'not urgent') : null),
  },
  MTRK: {
    meaning: 'It may be tracked with this certifier.',
    reference: 'RFC 3885 4',
    value: (value) => value,
  },
  SOLICIT: { meaning: 'It is an advertisement of this kind.', reference: 'RFC 3865 2', value: decodeXtext },
  SUBMITTER: {
    meaning: 'The address held responsible for it; obsolete.',
    reference: 'RFC 4405 4',
    value: decodeXtext,
  },
  TRANSID: {
    meaning: 'Names the transaction, so that it can be resumed.',
    reference: 'RFC 1845 4',
    value: (value) => value,
  },
  CONPERM: { meaning: 'The content may be converted on its way.', reference: 'RFC 4141 3' },
};

export const rcptParameters: Readonly<Record<string, ParameterRow>> = {
  NOTIFY: {
    meaning: 'When a delivery report is wanted for this recipient.',
    reference: 'RFC 3461 4.1',
    value: words({
      NEVER: 'never',
      SUCCESS: 'when delivered',
      FAILURE: 'when it failed for good',
      DELAY: 'when delayed',
    }),
  },
  ORCPT: {
    meaning: 'The recipient as the sender wrote it, before any forwarding.',
    reference: 'RFC 3461 4.2',
    value: (value) => {
      const semicolon = value.indexOf(';');
      return semicolon < 1 ? null : decodeXtext(value.slice(semicolon + 1));
    },
  },
  RRVS: {
    meaning: 'Deliver only if the mailbox has had the same owner since this time.',
    reference: 'RFC 7293 3',
    value: (value) => value,
  },
  CONNEG: { meaning: 'The abilities of this recipient are asked for.', reference: 'RFC 4141 4' },
};
