// Who a message is from and to, as its header says (RFC 5322 3.4).
import type { Rule } from '../rule.ts';

const scope = 'message';
const stage = 'header';

export const addressRules: readonly Rule[] = [
  {
    id: 'header.no-from',
    title: 'The message has no From',
    stage,
    scope,
    severity: 'error',
    explanation: 'Every message must have a From field. Gmail and others refuse a message without one.',
    causes: ['No sender is set in the program, or its value is empty.'],
    fixes: [{ text: 'Set From to an address of a domain that you may send for.' }],
    references: ['RFC 5322 3.6.2'],
    suppresses: ['header.no-date', 'header.no-message-id'],
  },
  {
    id: 'header.from-invalid',
    title: 'From has no address',
    stage,
    scope,
    severity: 'error',
    explanation:
      'From is "{value}", in which there is no address of the form name@domain. Gmail and others refuse such a message.',
    causes: [
      'The sender in the configuration is a name only, or empty.',
      'A special character is not quoted.',
    ],
    fixes: [
      { text: 'Write From as "Name" <name@example.com>, by the function of the library for addresses.' },
    ],
    references: ['RFC 5322 3.4', 'RFC 5322 3.6.2'],
  },
  {
    id: 'header.encoded-address',
    title: 'An address is hidden in encoded text',
    stage,
    scope,
    severity: 'error',
    explanation:
      'In {name} the whole address was encoded, not its display name alone. Decoded it is "{value}"; a mail server does not decode it, and sees no address.',
    causes: ['The function that encodes a text was given the name together with the address.'],
    fixes: [
      {
        text: 'Encode the display name only: in Python formataddr((name, address)), in other libraries give name and address apart.',
        snippets: 'charset',
      },
    ],
    references: ['RFC 2047 5'],
    identity: ['name'],
    suppresses: ['header.from-invalid', 'header.address-invalid', 'header.encoded-word-long'],
  },
  {
    id: 'header.encoded-word-in-address',
    title: 'An address has an encoded word in it',
    stage,
    scope,
    severity: 'error',
    explanation:
      'The address {address} in {name} holds an encoded word. That is allowed in display names only: no server can deliver to it.',
    causes: ['The address has letters that are not ASCII, and the library encoded them like text.'],
    fixes: [
      {
        text: 'Send to such addresses with SMTPUTF8, where the server offers it, and leave them as they are.',
      },
      { text: 'Write the domain in its ASCII form (xn--…); refuse other letters before the @.' },
    ],
    references: ['RFC 2047 5', 'RFC 6531 3.2'],
    identity: ['name'],
    suppresses: ['header.address-invalid'],
  },
  {
    id: 'header.bcc-leaked',
    title: 'Bcc is still in the message',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'The message has a Bcc field with {count} of its recipients. Whoever receives the message can read it there: the blind copies are not blind.',
    causes: [
      'The program gives the whole message to the server without removing Bcc, as smtplib.sendmail(msg.as_string()) does.',
    ],
    fixes: [
      {
        text: 'Remove Bcc before sending and name its recipients in the envelope only. In Python send_message does so.',
      },
    ],
    references: ['RFC 5322 3.6.3'],
  },
  {
    id: 'header.sender-missing',
    title: 'Several authors, and no Sender',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'From has {count} addresses. Then Sender must say which of them sent it; it is not there. Gmail refuses a From of several addresses.',
    causes: ['Recipients were put into From, or a comma in a name is not quoted.'],
    fixes: [{ text: 'Give From one address; name the others in Reply-To or Cc.' }],
    references: ['RFC 5322 3.6.2'],
  },
  {
    id: 'header.unquoted-comma',
    title: 'A comma in a name is not quoted',
    stage,
    scope,
    severity: 'warning',
    explanation:
      '{name} has "{value}" without an address: a comma divides addresses, so "{value}" and what follows are two recipients.',
    causes: ['A name as "Doe, John" was put before the address without quotation marks.'],
    fixes: [
      {
        text: 'Quote the name: "Doe, John" <john@example.com>, by the function of the library for addresses.',
      },
    ],
    references: ['RFC 5322 3.2.4', 'RFC 5322 3.4'],
    identity: ['name'],
    suppresses: ['header.address-invalid'],
  },
  {
    id: 'header.address-invalid',
    title: 'A field for addresses has no address',
    stage,
    scope,
    severity: 'warning',
    explanation:
      '{name} has "{value}", which is no address of the form name@domain. Replies and copies go nowhere.',
    causes: ['A value of the program was empty or of the wrong kind when the field was written.'],
    fixes: [
      { text: 'Check the value before the mail is made; leave the field out where there is no address.' },
    ],
    references: ['RFC 5322 3.4'],
    identity: ['name'],
  },
  {
    id: 'header.no-recipients',
    title: 'The message has no To, Cc or Bcc',
    stage,
    scope,
    severity: 'notice',
    explanation: 'The header names no recipient. That is allowed; filters count it as spam.',
    causes: ['Recipients are given in the envelope only.'],
    fixes: [{ text: 'Set To, if need be to "undisclosed-recipients:;".' }],
    references: ['RFC 5322 3.6.3'],
  },
];
