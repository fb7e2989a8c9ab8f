// How the parts of a message are put together and encoded (RFC 2045, 2046, 2231).
import type { Rule } from '../rule.ts';

const scope = 'message';
const stage = 'mime';

export const mimeRules: readonly Rule[] = [
  {
    id: 'mime.no-boundary',
    title: 'A multipart names no boundary',
    stage,
    scope,
    severity: 'error',
    explanation:
      'Content-Type is {type}, but has no usable boundary. Readers cannot take the parts apart and show all of it as text, or nothing.',
    causes: ['Content-Type was written by hand, or set again after the library had made it.'],
    fixes: [{ text: 'Have the library make Content-Type; do not set it for a message with attachments.' }],
    references: ['RFC 2046 5.1.1'],
    suppresses: ['mime.html-as-text', 'content.empty'],
  },
  {
    id: 'mime.boundary-not-found',
    title: 'The boundary does not occur',
    stage,
    scope,
    severity: 'error',
    explanation:
      'Content-Type says that parts are divided by lines "--{boundary}", but there is no such line. Readers show an empty mail, or its source.',
    causes: [
      'The header and the body were made with different boundaries.',
      'The body was changed after it was made.',
    ],
    fixes: [{ text: 'Use one boundary in both, or have the library make the whole message.' }],
    references: ['RFC 2046 5.1.1'],
    suppresses: ['mime.boundary-unclosed', 'content.empty'],
  },
  {
    id: 'mime.boundary-unclosed',
    title: 'The closing boundary is missing',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'The parts end without a line "--{boundary}--". The message may be cut off; some readers do not show its last part.',
    causes: ['The message was cut, or was written by hand without its last line.'],
    fixes: [{ text: 'Write "--" + boundary + "--" behind the last part, or have the library do so.' }],
    references: ['RFC 2046 5.1.1'],
  },
  {
    id: 'mime.boundary-long',
    title: 'The boundary is too long',
    stage,
    scope,
    severity: 'notice',
    explanation:
      'The boundary has {length} characters, and may have 70. Some programs do not find the parts then.',
    causes: ['The boundary was made by hand.'],
    fixes: [{ text: 'Use a boundary of at most 70 characters.' }],
    references: ['RFC 2046 5.1.1'],
  },
  {
    id: 'mime.encoded-multipart',
    title: 'A multipart is encoded',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Content-Transfer-Encoding of {type} is {encoding}. Only the parts within may be encoded: readers differ in what they make of it.',
    causes: ['The field was set for the whole message, and not for a part.'],
    fixes: [{ text: 'Remove Content-Transfer-Encoding from the multipart; set it for its parts.' }],
    references: ['RFC 2045 6.4'],
  },
  {
    id: 'mime.unknown-encoding',
    title: 'Content-Transfer-Encoding is unknown',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Content-Transfer-Encoding is "{encoding}". There are 7bit, 8bit, binary, quoted-printable and base64; readers show others as they are, or offer them as files.',
    causes: ['A charset was written where the encoding belongs, as "utf-8".'],
    fixes: [
      {
        text: 'Have the library choose the encoding, or write quoted-printable or base64.',
        snippets: 'charset',
      },
    ],
    references: ['RFC 2045 6.1'],
  },
  {
    id: 'mime.base64-broken',
    title: 'Base64 holds other characters',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Part {part} is said to be base64, but holds "{found}", which is none. Readers pass over it or end there: the file or the text is damaged.',
    causes: [
      'The body was not encoded, though the header says so.',
      'Text was added behind the encoded one.',
    ],
    fixes: [{ text: 'Encode the body, or say in Content-Transfer-Encoding what it is.' }],
    references: ['RFC 2045 6.8'],
    suppresses: ['mime.encoded-line-long'],
  },
  {
    id: 'mime.quoted-printable-broken',
    title: 'Quoted-printable holds a lone "="',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Part {part} is said to be quoted-printable, but "=" is followed by "{found}" and not by two digits from 0 to F. Links with "=" are broken so; it has to be written as =3D.',
    causes: ['The body was not encoded, though the header says so.', 'A text was put into the encoded body.'],
    fixes: [{ text: 'Encode the body after its last change, by the library.', snippets: 'charset' }],
    references: ['RFC 2045 6.7'],
  },
  {
    id: 'mime.encoded-line-long',
    title: 'A line of encoded text is too long',
    stage,
    scope,
    severity: 'notice',
    explanation: 'A line of part {part} in {encoding} has {length} characters, and may have 76.',
    causes: ['The encoded text was not divided into lines, as Base64 functions of most languages leave it.'],
    fixes: [{ text: 'Divide it after each 76 characters: chunk_split() in PHP, encodebytes() in Python.' }],
    references: ['RFC 2045 6.7', 'RFC 2045 6.8'],
  },
  {
    id: 'mime.8bit-undeclared',
    title: 'A part has 8-bit text under 7bit',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Part {part} has bytes that are not ASCII, but its Content-Transfer-Encoding is {encoding}. Servers on the way may change or refuse it, and that breaks DKIM signatures.',
    causes: ['The text was put into the message without an encoding, as smtplib does with bytes.'],
    fixes: [
      {
        text: 'Encode it as quoted-printable or base64, or say 8bit where the server offers 8BITMIME.',
        snippets: 'charset',
      },
    ],
    references: ['RFC 2045 2.7', 'RFC 6152 3'],
  },
  {
    id: 'mime.8bit-in-quoted-printable',
    title: 'Quoted-printable has letters that are not encoded',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Part {part} is said to be quoted-printable, but has bytes that are not ASCII: each of them has to be written as "=" and two digits. Servers on the way may change or refuse it, and that breaks DKIM signatures.',
    causes: ['The body was not encoded, though the header says so.', 'A text was put into the encoded body.'],
    fixes: [{ text: 'Encode the body after its last change, by the library.', snippets: 'charset' }],
    references: ['RFC 2045 6.7'],
  },
  {
    id: 'mime.charset-missing',
    title: 'A text does not say its charset',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Part {part} has letters that are not ASCII, and Content-Type says no charset. Readers guess: "{sample}" may be shown as other letters.',
    causes: ['Content-Type is missing, or was written without "; charset=utf-8".'],
    fixes: [{ text: 'Write Content-Type: {type}; charset=utf-8.', snippets: 'charset' }],
    references: ['RFC 2046 4.1.2'],
  },
  {
    id: 'mime.charset-wrong',
    title: 'A text is labelled with the wrong charset',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Part {part} is said to be {charset}, but its bytes are {actual}. Readers that believe the label show wrong letters.',
    causes: ['The charset of the library was left at its default, as in PHPMailer, which is iso-8859-1.'],
    fixes: [{ text: 'Set the charset of the mail to that of the text, best UTF-8.', snippets: 'charset' }],
    references: ['RFC 2046 4.1.2'],
    suppresses: ['content.lost-characters'],
  },
  {
    id: 'mime.charset-unknown',
    title: 'The charset is unknown',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'Part {part} names the charset "{charset}", which Mailscope does not know. Readers that do not know it either guess, or show nothing.',
    causes: ['A name of a programming language or a locale was taken for that of a charset.'],
    fixes: [{ text: 'Write charset=utf-8, and encode the text so.', snippets: 'charset' }],
    references: ['RFC 2046 4.1.2'],
  },
  {
    id: 'mime.no-version',
    title: 'MIME-Version is missing',
    stage,
    scope,
    severity: 'notice',
    explanation:
      'The header has {name}, but no MIME-Version: 1.0. By the standard a reader may take the mail for plain text; most do not.',
    causes: ['The library does not write it, as emailjs, or the header was written by hand.'],
    fixes: [{ text: 'Add MIME-Version: 1.0.' }],
    references: ['RFC 2045 4'],
  },
  {
    id: 'mime.filename-encoding',
    title: 'The name of a file is not encoded as it should',
    stage,
    scope,
    severity: 'notice',
    explanation:
      'The name of part {part} {how}. Some readers, Outlook among them, show it as it is written or as ATT00001.',
    causes: ['The library encodes names of files as it does subjects.'],
    fixes: [
      { text: "Write it as RFC 2231 has it: filename*=utf-8''r%C3%A9sum%C3%A9.pdf.", snippets: 'charset' },
    ],
    references: ['RFC 2231 4', 'RFC 2047 5'],
  },
  {
    id: 'mime.alternative-order',
    title: 'The plain text comes behind the HTML',
    stage,
    scope,
    severity: 'warning',
    explanation:
      'In multipart/alternative the best form comes last. Here the plain text (part {text}) comes behind the HTML (part {html}): readers show the plain text.',
    causes: ['The parts were added in the wrong order.'],
    fixes: [{ text: 'Add the plain text first, then the HTML.' }],
    references: ['RFC 2046 5.1.4'],
  },
  {
    id: 'mime.no-text',
    title: 'There is HTML only',
    stage,
    scope,
    severity: 'notice',
    explanation:
      'The mail has HTML and no plain text. Readers without HTML show its source, and filters count it as spam.',
    causes: ['Only the HTML was given to the library.'],
    fixes: [{ text: 'Give the library a plain text as well; many can make one of the HTML.' }],
    references: ['RFC 2046 5.1.4'],
  },
  {
    id: 'mime.html-as-text',
    title: 'HTML is sent as plain text',
    stage,
    scope,
    severity: 'warning',
    explanation: 'Part {part} is text/plain, but holds HTML ("{sample}"). Readers show its source.',
    causes: ['The HTML was given where the library takes plain text.', 'Content-Type: text/html is missing.'],
    fixes: [
      {
        text: 'Give it as HTML: html in nodemailer, isHTML(true) in PHPMailer, add_alternative(html, subtype="html") in Python.',
      },
    ],
    references: ['RFC 2046 4.1'],
  },
  {
    id: 'mime.single-alternative',
    title: 'An alternative without another',
    stage,
    scope,
    severity: 'notice',
    explanation:
      'Part {part} is multipart/alternative, but has {count} part. There is nothing to choose from.',
    causes: ['Only one form of the text was added.'],
    fixes: [{ text: 'Send it without the multipart, or add the other form.' }],
    references: ['RFC 2046 5.1.4'],
    suppresses: ['mime.no-text'],
  },
  {
    id: 'mime.attachment-without-name',
    title: 'An attachment has no name',
    stage,
    scope,
    severity: 'notice',
    explanation: 'Part {part} ({type}) is an attachment without a name. Readers make one up, as "noname".',
    causes: ['The name was not given to the library.'],
    fixes: [{ text: 'Give the attachment a name with its extension.' }],
    references: ['RFC 2183 2.3'],
  },
];
