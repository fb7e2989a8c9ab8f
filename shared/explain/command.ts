// What an SMTP command means, with each of its parameters.
import { mailParameters, rcptParameters, type ParameterRow } from './esmtp-parameters.ts';
import { explainMechanism } from './sasl-mechanisms.ts';
import { verbs } from './verbs.ts';
import { plural } from './wording.ts';

export interface ExplainedParameter {
  name: string;
  value: string | null;
  meaning: string;
}

export interface CommandExplanation {
  /** In upper case. */
  verb: string;
  meaning: string;
  /** e.g. `RFC 5321 4.1.1.2`. */
  reference: string;
  parameters: ExplainedParameter[];
}

const maxLine = 4096;
const maxParameters = 50;

const hostName = (value: string): ExplainedParameter => ({
  name: 'name',
  value,
  meaning: value.startsWith('[')
    ? 'The client has no host name and gives its IP address (RFC 5321 4.1.3).'
    : value.includes('.')
      ? 'What the client calls itself.'
      : 'What the client calls itself. It is no full host name, which some servers refuse.',
});

function explainParameter(
  word: string,
  table: Readonly<Record<string, ParameterRow>>,
  verb: string,
): ExplainedParameter {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const value = equals < 0 ? null : word.slice(equals + 1);
  const key = name.toUpperCase();
  const row = Object.hasOwn(table, key) ? table[key] : undefined;
  if (!row) return { name, value, meaning: `Not a known parameter of ${verb}.` };
  if (value === null)
    return { name, value, meaning: row.value ? `${row.meaning} It lacks its value.` : row.meaning };
  if (!row.value) return { name, value, meaning: `${row.meaning} It takes no value.` };
  const said = row.value(value);
  const shown = said === null ? 'This value is not allowed.' : said === value ? '' : `Here: ${said}.`;
  return { name, value, meaning: `${row.meaning} ${shown}`.trim() };
}

/** `FROM:<a@b> SIZE=1`: the path and the parameters, also without brackets or with a space after the colon. */
function explainPath(verb: 'MAIL' | 'RCPT', rest: string): ExplainedParameter[] {
  const keyword = verb === 'MAIL' ? 'FROM' : 'TO';
  const colon = rest.indexOf(':');
  if (rest.slice(0, Math.max(colon, 0)).trim().toUpperCase() !== keyword)
    return rest.trim() === ''
      ? []
      : [{ name: '', value: rest.trim(), meaning: `Not of the form ${keyword}:<address>.` }];
  const after = rest.slice(colon + 1).trimStart();
  const close = after.startsWith('<') ? pathEnd(after) : -1;
  const end = close > 0 ? close + 1 : /^\S*/.exec(after)![0].length;
  const path = after.slice(0, end);
  const address = close > 0 ? path.slice(1, -1) : path;
  const found: ExplainedParameter[] = [
    { name: keyword, value: path, meaning: pathMeaning(verb, address, close > 0) },
  ];
  const table = verb === 'MAIL' ? mailParameters : rcptParameters;
  for (const word of after.slice(end).trim().split(/\s+/, maxParameters))
    if (word !== '') found.push(explainParameter(word, table, verb));
  return found;
}

/** Where the `>` is that closes the path: not one inside a quoted local part. */
function pathEnd(text: string): number {
  let quoted = false;
  for (let i = 1; i < text.length; i++) {
    const c = text[i];
    if (c === '\\' && quoted) i++;
    else if (c === '"') quoted = !quoted;
    else if (c === '>' && !quoted) return i;
  }
  return text.indexOf('>');
}

function pathMeaning(verb: 'MAIL' | 'RCPT', address: string, bracketed: boolean): string {
  const form = bracketed ? '' : ' The angle brackets are missing (RFC 5321 4.1.2).';
  if (verb === 'RCPT')
    return (
      (address.toLowerCase() === 'postmaster'
        ? 'The postmaster of this host.'
        : 'One recipient of the message.') + form
    );
  return (
    (address === ''
      ? 'The null sender: nobody gets a bounce. It is meant for reports and automatic answers (RFC 5321 4.5.5).'
      : 'Where bounces go. It need not be the From: of the message.') + form
  );
}

function explainArguments(verb: string, rest: string): ExplainedParameter[] {
  const words = rest.trim() === '' ? [] : rest.trim().split(/\s+/, maxParameters);
  const [first, second] = words;
  const named = (name: string, meaning: string): ExplainedParameter[] =>
    first === undefined ? [] : [{ name, value: rest.trim(), meaning }];
  switch (verb) {
    case 'HELO':
    case 'EHLO':
    case 'LHLO':
      return first === undefined ? [] : [hostName(rest.trim())];
    case 'MAIL':
    case 'RCPT':
      return explainPath(verb, rest);
    case 'SEND':
    case 'SOML':
    case 'SAML':
      return explainPath('MAIL', rest);
    case 'AUTH':
      return first === undefined ? [] : explainAuth(first, second);
    case 'BDAT':
      return words.map((word) => {
        if (/^\d{1,15}$/.test(word))
          return { name: 'size', value: word, meaning: `${plural(Number(word), 'byte')} follow at once.` };
        return word.toUpperCase() === 'LAST'
          ? { name: 'LAST', value: null, meaning: 'This is the last chunk of the message.' }
          : { name: '', value: word, meaning: 'Not known to BDAT.' };
      });
    case 'VRFY':
      return named('name', 'The user or address that is asked about.');
    case 'EXPN':
      return named('list', 'The mailing list whose members are asked for.');
    case 'HELP':
      return named('topic', 'What help is asked about.');
    case 'ETRN':
    case 'ATRN':
      return named('domain', 'Whose waiting mail is asked for.');
    case 'BURL':
      return named('url', 'Where the message, or a part of it, lies.');
    case 'XCLIENT':
    case 'XFORWARD':
      return words.map((word) => {
        const [name = '', value] = word.split('=', 2);
        return { name, value: value ?? null, meaning: 'A fact about the original client.' };
      });
    default:
      return named(
        '',
        verb === 'NOOP' ? 'Ignored by the server.' : `${verb} takes no argument (RFC 5321 4.1.1).`,
      );
  }
}

function explainAuth(mechanism: string, initial: string | undefined): ExplainedParameter[] {
  const meaning = explainMechanism(mechanism);
  const found: ExplainedParameter[] = [
    {
      name: 'mechanism',
      value: mechanism,
      meaning: meaning ? `Login by ${meaning}.` : 'Not a known mechanism.',
    },
  ];
  if (initial !== undefined)
    found.push({
      name: 'initial response',
      value: initial,
      meaning:
        initial === '='
          ? 'An empty first answer.'
          : 'The first answer, sent at once to save a round trip; a secret in it is masked.',
    });
  return found;
}

/** Null when the line is no SMTP command. Never throws. */
export function explainCommand(line: string): CommandExplanation | null {
  const text = line.slice(0, maxLine).replace(/[\r\n]{1,9}$/, '');
  const verb = /^[A-Za-z]{4,8}(?=[ \t]|$)/.exec(text)?.[0].toUpperCase();
  const row = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (verb === undefined || !row) return null;
  return {
    verb,
    meaning: row[0],
    reference: row[1],
    parameters: explainArguments(verb, text.slice(verb.length)),
  };
}
