// Overwrites secrets with as many asterisks, before bytes leave the connection's code. Whatever is not surely
// harmless is overwritten: a transcript with too many asterisks is a nuisance, a leaked password is not.

export interface Masked {
  /** A copy where something was overwritten, otherwise the bytes as given; always of the same length. */
  bytes: Buffer;
  masked: boolean;
}

const LF = 0x0a;
const CR = 0x0d;
const star = 0x2a;
const equals = 0x3d;

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;

/** Where the line that ends at `end` has its line ending. */
function contentEnd(bytes: Buffer, start: number, end: number): number {
  let at = end;
  if (at > start && bytes[at - 1] === LF) at -= 1;
  if (at > start && bytes[at - 1] === CR) at -= 1;
  return at;
}

const isSole = (bytes: Buffer, from: number, to: number, allowed: number[]): boolean =>
  to - from === 1 && allowed.includes(bytes[from] ?? -1);

function overwrite(bytes: Buffer, from: number, to: number): Masked {
  if (from >= to) return { bytes, masked: false };
  const copy = Buffer.from(bytes);
  copy.fill(star, from, to);
  return { bytes: copy, masked: true };
}

const mechanism =
  /(?:plain|login|cram-md5|digest-md5|xoauth2?|oauthbearer|scram-sha-[0-9]{1,3}(?:-plus)?|external|anonymous|gssapi|gss-spnego|ntlm)/
    .source;
const knownMechanism = new RegExp(`^${mechanism}$`, 'i');

/** Of what stands in the place of the mechanism only the names that are known are shown: else it may be the secret itself. */
const isMechanism = (token: string): boolean => token.length <= 20 && knownMechanism.test(token);

/** The mechanism as it may be recorded; empty where it is none. */
export const shownMechanism = (token: string, recordsCredentials: boolean): string =>
  recordsCredentials || isMechanism(token) ? token.toUpperCase() : '';

/** The span to overwrite behind the `AUTH` that begins at `at`, or null when nothing behind it is a secret. */
function secretSpan(bytes: Buffer, at: number, end: number): [from: number, to: number] | null {
  let i = at + 4;
  // Old Outlook: AUTH=LOGIN.
  if (bytes[i] === equals) i += 1;
  while (i < end && isBlank(bytes[i])) i += 1;
  const name = i;
  while (i < end && !isBlank(bytes[i])) i += 1;
  if (name === i) return null;
  // The mechanism was forgotten, so this is the response.
  if (!isMechanism(bytes.toString('latin1', name, Math.min(i, name + 21)))) return [name, end];
  while (i < end && isBlank(bytes[i])) i += 1;
  return i === end || isSole(bytes, i, end, [star, equals]) ? null : [i, end];
}

/** True for `AUTH` in any case, followed by a blank or `=`. */
function isAuth(bytes: Buffer, at: number): boolean {
  const next = bytes[at + 4];
  if (!isBlank(next) && next !== equals) return false;
  return bytes.toString('latin1', at, at + 4).toUpperCase() === 'AUTH';
}

/** A command line `AUTH MECHANISM initial-response`: the response is overwritten, a sole `=` or `*` is not. */
export function maskAuthLine(line: Buffer): Masked {
  const end = contentEnd(line, 0, line.length);
  let at = 0;
  while (at < end && isBlank(line[at])) at += 1;
  const span = isAuth(line, at) ? secretSpan(line, at, end) : null;
  return span ? overwrite(line, ...span) : { bytes: line, masked: false };
}

/** A response of the client during AUTH: the whole line but its ending, unless it is empty or a sole `*`. */
export function maskResponse(line: Buffer): Masked {
  const end = contentEnd(line, 0, line.length);
  return isSole(line, 0, end, [star]) ? { bytes: line, masked: false } : overwrite(line, 0, end);
}

/** AUTH mistyped, or what a client says that takes this for a POP3 or an IMAP server. */
const strayLogin = new RegExp(
  `^(?:[^ \\t]+[ \\t]+)?(?:auth[^ \\t]*[ \\t]+${mechanism}|auth[^ \\t]*|apop|pass|${mechanism})(?:[ \\t]+|$)`,
  'i',
);
/** Of an HTTP request (RFC 9110 §11, RFC 6265 §4.2). */
const secretField = /^(?:proxy-)?(?:authorization|cookie)[ \t]*:[ \t]*/i;

/** A response to which no AUTH belongs: base64 of what PLAIN (NUL) or a mechanism with a token (0x01) says. */
function isStrayResponse(text: string): boolean {
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(text)) return false;
  const decoded = Buffer.from(text, 'base64');
  return decoded.includes(0) || decoded.includes(1);
}

/** A line that begins with no command of ours; `inAuth` as with `maskLoose`. */
export function maskUnknown(line: Buffer, inAuth: boolean): Masked & { inAuth: boolean } {
  const loose = maskLoose(line, inAuth);
  if (loose.masked || loose.inAuth) return loose;
  const end = contentEnd(line, 0, line.length);
  const text = line.toString('latin1', 0, end);
  const field = secretField.exec(text);
  if (field) return { ...overwrite(line, field[0].length, end), inAuth: false };
  if (isStrayResponse(text)) return { ...overwrite(line, 0, end), inAuth: true };
  const login = strayLogin.exec(text);
  return login ? { ...overwrite(line, login[0].length, end), inAuth: true } : loose;
}

const command =
  /^(?:(?:QUIT|RSET|NOOP|DATA|STARTTLS|HELP|BDAT +[0-9]+(?: +LAST)?) *|(?:EHLO|HELO|LHLO|VRFY|EXPN) .*|(?:MAIL +FROM|RCPT +TO) *:.*)$/i;

/**
 * Bytes that are no command of ours: clear text behind STARTTLS or on a TLS port, lines after a refused AUTH.
 * Overwrites what follows `AUTH MECHANISM` wherever it stands, and then each line up to the next SMTP command,
 * encoded or not. Give `inAuth` where an AUTH came just before, or what the call before returned.
 */
export function maskLoose(bytes: Buffer, inAuth = false): Masked & { inAuth: boolean } {
  let copy: Buffer | undefined;
  let open = inAuth;
  const fill = (from: number, to: number): void => {
    if (from >= to) return;
    copy ??= Buffer.from(bytes);
    copy.fill(star, from, to);
  };
  for (let start = 0, next = 0; start < bytes.length; start = next) {
    const lf = bytes.indexOf(LF, start);
    next = lf < 0 ? bytes.length : lf + 1;
    const end = contentEnd(bytes, start, next);
    const at = findAuth(bytes, start, end);
    if (at >= 0) {
      if (open) fill(start, at);
      const span = secretSpan(bytes, at, end);
      if (span) fill(...span);
      open = true;
    } else if (open) {
      // Only the start is looked at: no command that matters here is longer.
      if (end - start <= 2000 && command.test(bytes.toString('latin1', start, end))) open = false;
      else if (!isSole(bytes, start, end, [star, equals])) fill(start, end);
    }
  }
  return { bytes: copy ?? bytes, masked: copy !== undefined, inAuth: open };
}

/** Bytes that are carried out nowhere: `maskLoose`, and in lines outside AUTH what `maskUnknown` knows. */
export function maskStray(bytes: Buffer, inAuth: boolean): Masked & { inAuth: boolean } {
  const lines: Buffer[] = [];
  let masked = false;
  let open = inAuth;
  for (let start = 0, next = 0; start < bytes.length; start = next) {
    const lf = bytes.indexOf(LF, start);
    next = lf < 0 ? bytes.length : lf + 1;
    const line = maskUnknown(bytes.subarray(start, next), open);
    lines.push(line.bytes);
    masked ||= line.masked;
    open = line.inAuth;
  }
  return { bytes: masked ? Buffer.concat(lines) : bytes, masked, inAuth: open };
}

/** A line that may be a response once more, after AUTH was over. */
export const isBase64Line = (line: Buffer): boolean =>
  /^(?=.*[a-z0-9+/=])[A-Za-z0-9+/]{4,}={0,2}\r?\n?$/.test(line.toString('latin1'));

function findAuth(bytes: Buffer, start: number, end: number): number {
  for (let i = start; i + 4 < end; i += 1) {
    // Upper and lower case of A differ in one bit.
    if (((bytes[i] ?? 0) | 0x20) === 0x61 && isAuth(bytes, i)) return i;
  }
  return -1;
}
