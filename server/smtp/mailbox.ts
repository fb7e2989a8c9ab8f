// What is wrong with an address, judged by RFC 5321 §4.1.2 and §4.5.3.1. Only what is no address at all is a problem;
// everything else is captured and remarked upon.
import { isIPv4, isIPv6 } from 'node:net';

export interface MailboxFindings {
  problem: string | null;
  remarks: string[];
  /** The first of them that breaks the grammar, with its section: other servers refuse such an address. */
  fault: string | null;
}

interface Finding {
  text: string;
  /** Of RFC 5321, where it is the grammar. */
  section?: string;
}

interface Mailbox {
  local: string;
  domain: string | null;
  /** `@` outside quotes. */
  ats: number;
}

/** The text with each character in quotes as `q`; a quote that is never closed is a letter. */
export function hideQuoted(text: string): string {
  if (!text.includes('"')) return text;
  let hidden = '';
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const found = text[i];
    if (found === '"') {
      quoted = !quoted;
      hidden += found;
    } else if (quoted && found === '\\' && i + 1 < text.length) {
      i += 1;
      hidden += 'qq';
    } else hidden += quoted ? 'q' : found;
  }
  return quoted ? text : hidden;
}

/** Splits at the last `@` outside quotes. */
function splitMailbox(address: string): Mailbox {
  const hidden = hideQuoted(address);
  const at = hidden.lastIndexOf('@');
  const ats = hidden.split('@').length - 1;
  return at < 0
    ? { local: address, domain: null, ats }
    : { local: address.slice(0, at), domain: address.slice(at + 1), ats };
}

const refused = (problem: string): MailboxFindings => ({ problem, remarks: [], fault: null });

/** `address` is not empty. */
export function inspectMailbox(address: string, command: 'MAIL' | 'RCPT'): MailboxFindings {
  const { local, domain, ats } = splitMailbox(address);
  if (local === '') return refused('The address has nothing before its @');
  if (domain === '') return refused('The address has no domain behind its @');
  if (ats > 1 && address.includes(',')) return refused('One command takes one address, not a list');
  const found = inspectLocal(local);
  if (domain !== null) found.push(...inspectDomain(domain));
  // RFC 5321 §4.1.1.3: the one recipient that needs no domain.
  else if (command === 'MAIL' || address.toLowerCase() !== 'postmaster')
    found.push({ text: 'The address has no domain.', section: '4.1.2' });
  if (ats > 1) found.push({ text: 'The address has more than one @ outside quotes.', section: '4.1.2' });
  if (Buffer.byteLength(address) > 254)
    found.push({ text: 'The path is over 256 bytes (RFC 5321 section 4.5.3.1.3).' });
  if (/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/.test(address)) {
    found.push({ text: 'The address has an invisible character.' });
  }
  const fault = found.find(({ section }) => section !== undefined);
  return {
    problem: null,
    remarks: found.map(({ text }) => text),
    fault: fault ? `${fault.text.slice(0, -1)} (RFC 5321 ${fault.section})` : null,
  };
}

function inspectLocal(local: string): Finding[] {
  const found: Finding[] = [];
  if (Buffer.byteLength(local) > 64)
    found.push({ text: 'The local part is over 64 bytes (RFC 5321 section 4.5.3.1.1).' });
  if (/^"(?:[^"\\]|\\.)*"$/su.test(local)) return found;
  if (local.startsWith('.') || local.endsWith('.'))
    found.push({ text: 'The local part begins or ends with a dot.', section: '4.1.2' });
  if (local.includes('..')) found.push({ text: 'The local part has consecutive dots.', section: '4.1.2' });
  if (/[\s"(),:;<>@[\\\]]/.test(local)) {
    found.push({ text: 'The local part has characters that are allowed in quotes only.', section: '4.1.2' });
  }
  return found;
}

function inspectDomain(domain: string): Finding[] {
  if (domain.startsWith('[')) {
    return isAddressLiteral(domain)
      ? []
      : [{ text: 'The address literal is not [IPv4] or [IPv6:address].', section: '4.1.3' }];
  }
  const found: Finding[] = [];
  if (Buffer.byteLength(domain) > 255)
    found.push({ text: 'The domain is over 255 bytes (RFC 5321 section 4.5.3.1.2).' });
  if (domain.includes('_'))
    found.push({ text: 'The domain has an underscore, which host names do not have.' });
  if (/[^A-Za-z0-9_.\u0080-\u{10ffff}-]/u.test(domain))
    found.push({ text: 'The domain has characters that none can have.', section: '4.1.2' });
  const labels = domain.split('.');
  if (labels.some((label) => label === ''))
    found.push({ text: 'The domain has an empty label (a dot too many).', section: '4.1.2' });
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-'))) {
    found.push({ text: 'A label of the domain begins or ends with a hyphen.', section: '4.1.2' });
  }
  if (labels.some((label) => label.length > 63))
    found.push({ text: 'A label of the domain is over 63 characters.' });
  return found;
}

/** RFC 5321 §4.1.3; a zone has no meaning for others. */
function isAddressLiteral(domain: string): boolean {
  if (!domain.endsWith(']') || domain.includes('%')) return false;
  const inner = domain.slice(1, -1);
  return isIPv4(inner) || (/^IPv6:/i.test(inner) && isIPv6(inner.slice(5)));
}
