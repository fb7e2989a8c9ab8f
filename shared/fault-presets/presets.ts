// Failures of real servers, in their words: plain data, so that a page can show and search it without a schema.
import type { FaultPreset } from '../fault.ts';
import { blocklists } from './blocklists.ts';
import { connection } from './connection.ts';
import { exim } from './exim.ts';
import { generic } from './generic.ts';
import { gmailLogin } from './gmail-login.ts';
import { gmail } from './gmail.ts';
import { mailboxes } from './mailboxes.ts';
import { microsoft } from './microsoft.ts';
import { postfix } from './postfix.ts';
import { services } from './services.ts';

export const faultPresets: readonly FaultPreset[] = [
  ...generic,
  ...connection,
  ...gmail,
  ...gmailLogin,
  ...microsoft,
  ...mailboxes,
  ...services,
  ...postfix,
  ...exim,
  ...blocklists,
];
