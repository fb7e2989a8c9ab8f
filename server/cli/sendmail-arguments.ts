// The command line of sendmail: single letters as getopt reads them, so `-ti`, `-fann@x` and `-f ann@x` all work.
import { UsageError } from '../config/usage-error.ts';

export interface SendmailOptions {
  mode: 'deliver' | 'smtp' | 'queue' | 'nothing';
  /** As written after the flags. */
  recipients: string[];
  /** -t: the header names recipients, too. */
  readsHeader: boolean;
  /** -i, -oi: a lone dot is text. */
  ignoresDots: boolean;
  /** -f, -r: null: whoever calls. */
  sender: string | null;
  /** -F: for the From field, where the message has none. */
  fullName: string | null;
  /** -N: NOTIFY of RFC 3461, -R: RET, -V: ENVID. */
  notify: string | null;
  ret: string | null;
  envelopeId: string | null;
  verbose: boolean;
  host: string | null;
  port: string | null;
  user: string | null;
}

/** With a value: the rest of the word, or the next one. */
const withValue = 'ABCDFLMNORVXbefhopr';
/** With a value or without, as in -q and -q30m: only the rest of the word. */
const withRest = 'dqQ';
const switches = 'EGITUcimnstvx';
const longOptions = ['host', 'port', 'user'] as const;

const see = 'See "mailscope sendmail --help".';

function readMode(letter: string): SendmailOptions['mode'] {
  if (letter === 'm') return 'deliver';
  if (letter === 's') return 'smtp';
  if (letter === 'p') return 'queue';
  if (letter === 'i') return 'nothing';
  throw new UsageError(
    `-b${letter} is not possible.`,
    'Of the modes of sendmail there are -bm, -bs, -bp and -bi.',
    letter === 'd' || letter === 'D' ? 'Start "mailscope": it listens by itself.' : see,
  );
}

function checkNotify(value: string): string {
  const words = value.toUpperCase().split(',');
  const known = ['SUCCESS', 'FAILURE', 'DELAY'];
  if (value.toUpperCase() === 'NEVER' || words.every((word) => known.includes(word))) return words.join(',');
  throw new UsageError(
    `-N "${value}" cannot be used.`,
    'It is never, or some of failure,delay,success.',
    see,
  );
}

function checkRet(value: string): string {
  if (/^(full|hdrs)$/i.test(value)) return value.toUpperCase();
  throw new UsageError(`-R "${value}" cannot be used.`, 'It is full or hdrs.', see);
}

/** Throws UsageError. */
export function readSendmailArguments(argv: readonly string[]): SendmailOptions {
  const options: SendmailOptions = {
    ...{ mode: 'deliver', recipients: [], readsHeader: false, ignoresDots: false, verbose: false },
    ...{ sender: null, fullName: null, notify: null, ret: null, envelopeId: null },
    ...{ host: null, port: null, user: null },
  };
  let isQueueRun = false;

  const take = (letter: string, value: string): void => {
    if (letter === 't') options.readsHeader = true;
    else if (letter === 'i') options.ignoresDots = true;
    else if (letter === 'v') options.verbose = true;
    else if (letter === 'I') options.mode = 'nothing';
    else if (letter === 'q') isQueueRun = true;
    else if (letter === 'f' || letter === 'r') options.sender = value;
    else if (letter === 'F') options.fullName = value;
    else if (letter === 'N') options.notify = checkNotify(value);
    else if (letter === 'R') options.ret = checkRet(value);
    else if (letter === 'V') options.envelopeId = value;
    else if (letter === 'b') options.mode = readMode(value);
    else if (letter === 'o' && value === 'i') options.ignoresDots = true;
    else if (letter === 'O' && /^IgnoreDots(?:=(?:true|1))?$/i.test(value)) options.ignoresDots = true;
    // The others set what there is nothing of here: queues, aliases, logs.
  };

  const words = [...argv];
  const next = (flag: string): string => {
    const value = words.shift();
    if (value !== undefined) return value;
    throw new UsageError(`${flag} has no value.`, 'This option needs one.', see);
  };

  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      options.recipients.push(...words.splice(0));
    } else if (word.startsWith('--')) {
      const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
      const known = longOptions.find((one) => one === name);
      if (known === undefined)
        throw new UsageError(`Unknown option --${name}.`, 'sendmail has single letters for options.', see);
      options[known] = value ?? next(`--${known}`);
    } else if (word.length > 1 && word.startsWith('-')) {
      for (let at = 1; at < word.length; at++) {
        const letter = word.charAt(at);
        const rest = word.slice(at + 1);
        if (switches.includes(letter)) {
          take(letter, '');
          continue;
        }
        if (withValue.includes(letter)) take(letter, rest === '' ? next(`-${letter}`) : rest);
        else if (withRest.includes(letter)) take(letter, rest);
        else throw new UsageError(`Unknown option -${letter}.`, 'sendmail has no option of that name.', see);
        break;
      }
    } else options.recipients.push(word);
  }
  // Nobody to send to: the queue was to be worked off, and there is none.
  if (isQueueRun && options.mode === 'deliver' && !options.readsHeader && options.recipients.length === 0)
    options.mode = 'nothing';
  return options;
}
