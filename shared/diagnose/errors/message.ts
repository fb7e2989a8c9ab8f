import type { ErrorTexts } from './error-text.ts';

export const messageErrors: ErrorTexts = {
  'content.line-too-long': {
    said: 'A line of the message is longer than the 998 bytes that are allowed.',
    texts: [
      [
        null,
        0.97,
        /maximum allowed line length is \d{1,6} octets|message has lines too long for transport|Line length in message or single header exceeds|too longer line in input stream|A message header line is too long/i,
      ],
      [null, 0.97, /DKIM[^\n]{0,80}\bLONG_LINE\b/],
      [null, 0.85, /(?<![\d.:])500[ -](?:5\.\d\.\d )?Line too long/i],
    ],
  },
  'content.nul': {
    said: 'There is a NUL byte in what was sent.',
    texts: [[null, 0.95, /NUL characters are not allowed in SMTP/i]],
  },
  'content.attachment-blocked': {
    said: 'An attachment or a link was taken for dangerous. {advice}',
    texts: [
      [null, 0.95, /blocked because its content presents a potential security issue|p=BlockedMessage/i],
    ],
  },
  'header.raw-8bit': {
    said: 'The header has letters beyond ASCII that were not encoded.',
    texts: [
      [
        null,
        0.95,
        /unicode character in a disallowed header|BAD HEADER SECTION,? Non-encoded 8-bit data|Non-encoded 8-bit data/i,
      ],
    ],
  },
  'header.encoded-word-in-address': {
    said: 'An encoded word stands where none may be, such as in an address.',
    texts: [[null, 0.95, /Encoded-word syntax is not permitted in message header/i]],
  },
  'header.no-message-id': {
    said: 'The message has no valid Message-ID.',
    texts: [[null, 0.97, /missing a valid Message-ID/i]],
  },
  'header.no-from': {
    said: 'The message has no From, or one that cannot be read.',
    texts: [
      [
        null,
        0.95,
        /'From' header is missing|missing a valid address in the From: header|message must be RFC 5322 section 3\.6\.2 compliant/i,
      ],
    ],
  },
  'header.sender-missing': {
    said: 'From has more than one address.',
    texts: [[null, 0.95, /Messages with multiple addresses in From: header/i]],
  },
  'header.duplicate-field': {
    said: 'A field of the header that may be there once is there more than once.',
    texts: [
      ['Python smtplib', 0.97, /There may be at most 1 (?<name>[A-Za-z-]{1,40}) headers in a message/],
      [
        null,
        0.95,
        /(?:RFC ?5322|\b5\.7\.1\b)[^\n]{0,120}duplicate headers|multiple (?<name>From|Sender|Reply-To|To|Cc|Bcc|Subject|Message-ID|In-Reply-To|References) headers|(?:RFC ?5322|\b5\.7\.1\b)[^\n]{0,120}multiple [A-Z][A-Za-z-]{1,40} headers/,
      ],
    ],
  },
};
