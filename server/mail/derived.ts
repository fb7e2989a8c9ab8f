// What this folder makes of a message. Structurally what the store takes; the two folders do not know each other.
import type { Found } from '../../shared/finding.ts';
import type {
  Address,
  Attachment,
  Code,
  HeaderField,
  Link,
  Part,
  Unsubscribe,
} from '../../shared/message.ts';

/** Raise it when the same bytes would now give another result: stored messages are then parsed again. */
export const DERIVED_VERSION = 9;

/** The fields of a list row. */
export interface ScannedHeader {
  from: Address[];
  to: Address[];
  subject: string;
  date: string | null;
}

export interface Derived {
  version: number;
  problem: string | null;
  /** False: nothing beside the headers could be read. */
  ok: boolean;
  from: Address[];
  to: Address[];
  cc: Address[];
  bcc: Address[];
  replyTo: Address[];
  subject: string;
  date: string | null;
  messageId: string | null;
  snippet: string;
  headers: HeaderField[];
  text: string | null;
  html: string | null;
  structure: Part | null;
  attachments: Attachment[];
  links: Link[];
  codes: Code[];
  unsubscribe: Unsubscribe | null;
  /** What is wrong with the message, the worst first. */
  findingList: Found[];
}

/** Of a message that could not be parsed, with what its header scan gave. */
export function failedDerived(scanned: ScannedHeader, problem: string, version = DERIVED_VERSION): Derived {
  return {
    version,
    problem,
    ok: false,
    ...scanned,
    cc: [],
    bcc: [],
    replyTo: [],
    messageId: null,
    snippet: '',
    headers: [],
    text: null,
    html: null,
    structure: null,
    attachments: [],
    links: [],
    codes: [],
    unsubscribe: null,
    findingList: [],
  };
}
