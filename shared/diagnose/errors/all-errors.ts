// The texts of all rules. Of rules that fit as surely, the first counts.
import { applicationErrors } from './application.ts';
import { certificateErrors } from './certificate.ts';
import { dialogueErrors } from './dialogue.ts';
import type { ErrorTexts } from './error-text.ts';
import { loginErrors } from './login.ts';
import { messageErrors } from './message.ts';
import { networkErrors } from './network.ts';
import { serverErrors } from './server.ts';
import { tlsErrors } from './tls.ts';

export const allErrors: ErrorTexts = {
  ...networkErrors,
  ...tlsErrors,
  ...certificateErrors,
  ...dialogueErrors,
  ...loginErrors,
  ...messageErrors,
  ...serverErrors,
  ...applicationErrors,
};
