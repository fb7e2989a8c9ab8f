// Letters of the header that are not ASCII (RFC 2047), and what was smuggled into a field.
import type { Rule } from '../rule.ts';

const scope = 'message';
const stage = 'header';

export const encodedWordRules: readonly Rule[] = [
  {
    id: 'header.raw-8bit',
    title: 'Letters in the header are not encoded',
    stage,
    scope,
    severity: 'warning',
    explanation:
      '{name} has bytes that are not ASCII ({charset}), which only mail sent with SMTPUTF8 may have. Gmail and others refuse such a header, or readers show wrong letters.',
    causes: ['The field was written as it is, without the encoding of RFC 2047.'],
    fixes: [
      { text: 'Have the library encode the field, as =?utf-8?Q?…?=.', snippets: 'charset' },
      { text: 'Where the server offers SMTPUTF8, give that parameter with MAIL FROM.' },
    ],
    references: ['RFC 5322 2.2', 'RFC 2047 2', 'RFC 6532 3.2'],
    identity: ['name'],
  },
  {
    id: 'header.wrong-charset',
    title: 'A field is labelled with the wrong charset',
    stage,
    scope,
    severity: 'warning',
    explanation:
      '{name} is said to be {charset}, but its bytes are those of {actual}. Readers that believe the label show "{shown}".',
    causes: ['The charset of the library was left at its default, as in PHPMailer, which is iso-8859-1.'],
    fixes: [{ text: 'Set the charset of the mail to UTF-8.', snippets: 'charset' }],
    references: ['RFC 2047 2'],
    identity: ['name'],
  },
  {
    id: 'header.encoded-word-broken',
    title: 'An encoded word is broken',
    stage,
    scope,
    severity: 'warning',
    explanation: 'In {name} the encoded word {word} {why}. Readers show it as it is written.',
    causes: ['The word was made by hand, or cut by a limit of length.'],
    fixes: [{ text: 'Have the library encode the whole field.', snippets: 'charset' }],
    references: ['RFC 2047 2', 'RFC 2047 5'],
    identity: ['name'],
  },
  {
    id: 'header.encoded-word-long',
    title: 'An encoded word is too long',
    stage,
    scope,
    severity: 'notice',
    explanation:
      'In {name} an encoded word has {length} characters, and may have 75. Most readers decode it all the same; some show it as it is.',
    causes: ['The whole value was encoded as one word.'],
    fixes: [{ text: 'Have the library encode the field: it divides it into words of the right length.' }],
    references: ['RFC 2047 2'],
    identity: ['name'],
  },
  {
    id: 'header.injection',
    title: 'A line break reached a field of the header',
    stage,
    scope,
    severity: 'warning',
    explanation:
      '{name} holds "{value}", as it looks when somebody writes a line break and a field of a header into a form. The library made it harmless; the check that should have refused it did not.',
    causes: ['Input of a user is put into the field without a check.'],
    fixes: [{ text: 'Refuse or remove line breaks in every value that goes into a field.' }],
    references: ['RFC 5322 2.2'],
    identity: ['name'],
  },
];
