// What is wrong with an address, judged by RFC 5321 §4.1.2 and §4.5.3.1. Only what is no address at all is a problem;
// everything else is captured and remarked upon.
import { isIPv4, isIPv6 } from 'node:net';

export interface MailboxFindings {
  problem: string | null;
  remarks: string[];
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

/** `address` is not empty. */
export function inspectMailbox(address: string, command: 'MAIL' | 'RCPT'): MailboxFindings {
  const { local, domain, ats } = splitMailbox(address);
  if (local === '') return { problem: 'The address has nothing before its @', remarks: [] };
  if (domain === '') return { problem: 'The address has no domain behind its @', remarks: [] };
  if (ats > 1 && address.includes(',')) {
    return { problem: 'One command takes one address, not a list', remarks: [] };
  }
  const remarks = inspectLocal(local);
  if (domain !== null) remarks.push(...inspectDomain(domain));
  // RFC 5321 §4.1.1.3: the one recipient that needs no domain.
  else if (command === 'MAIL' || address.toLowerCase() !== 'postmaster')
    remarks.push('The address has no domain.');
  if (ats > 1) remarks.push('The address has more than one @ outside quotes.');
  if (Buffer.byteLength(address) > 254)
    remarks.push('The path is over 256 bytes (RFC 5321 section 4.5.3.1.3).');
  if (/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/.test(address)) {
    remarks.push('The address has an invisible character.');
  }
  return { problem: null, remarks };
}

function inspectLocal(local: string): string[] {
  const remarks: string[] = [];
  if (Buffer.byteLength(local) > 64)
    remarks.push('The local part is over 64 bytes (RFC 5321 section 4.5.3.1.1).');
  if (/^"(?:[^"\\]|\\.)*"$/su.test(local)) return remarks;
  if (local.startsWith('.') || local.endsWith('.')) remarks.push('The local part begins or ends with a dot.');
  if (local.includes('..')) remarks.push('The local part has consecutive dots.');
  if (/[\s"(),:;<>@[\\\]]/.test(local)) {
    remarks.push('The local part has characters that are allowed in quotes only.');
  }
  return remarks;
}

function inspectDomain(domain: string): string[] {
  if (domain.startsWith('[')) {
    return isAddressLiteral(domain) ? [] : ['The address literal is not [IPv4] or [IPv6:address].'];
  }
  const remarks: string[] = [];
  if (Buffer.byteLength(domain) > 255)
    remarks.push('The domain is over 255 bytes (RFC 5321 section 4.5.3.1.2).');
  if (domain.includes('_')) remarks.push('The domain has an underscore, which host names do not have.');
  if (/[^A-Za-z0-9_.\u0080-\u{10ffff}-]/u.test(domain))
    remarks.push('The domain has characters that none can have.');
  const labels = domain.split('.');
  if (labels.some((label) => label === '')) remarks.push('The domain has an empty label (a dot too many).');
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-'))) {
    remarks.push('A label of the domain begins or ends with a hyphen.');
  }
  if (labels.some((label) => label.length > 63)) remarks.push('A label of the domain is over 63 characters.');
  return remarks;
}

/** RFC 5321 §4.1.3; a zone has no meaning for others. */
function isAddressLiteral(domain: string): boolean {
  if (!domain.endsWith(']') || domain.includes('%')) return false;
  const inner = domain.slice(1, -1);
  return isIPv4(inner) || (/^IPv6:/i.test(inner) && isIPv6(inner.slice(5)));
}
