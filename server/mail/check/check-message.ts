// What is wrong with a message, told from its bytes. It runs where the message is parsed, behind the 250.
import type { Found } from '../../../shared/finding.ts';
import { rankFound } from '../../../shared/diagnose/write-finding.ts';
import { checkAddresses } from './address-fields.ts';
import type { Check, CheckedMessage } from './checked.ts';
import { checkDate, checkMessageId, checkSubject, checkUnsubscribe } from './date-and-id.ts';
import { checkEncodedWords, checkInjection, checkRawLetters } from './encoded-fields.ts';
import { checkCharsets, checkTransferEncodings } from './encodings.ts';
import * as shape from './header-shape.ts';
import { checkActiveHtml, checkAddressesInHtml, checkSize } from './html.ts';
import { checkLines } from './lines.ts';
import { checkBodies, checkFiles, checkMimeVersion, checkMultiparts } from './parts.ts';
import { checkLineBreaks, checkMojibake, checkTemplates } from './template.ts';

/** What does not grow with the message goes first, what looks at each byte last: if need be that is left out. */
const checks: readonly Check[] = [
  ...[shape.checkHeaderEnd, shape.checkBlankLine, shape.checkMalformedLines, shape.checkBlankContinuations],
  ...[shape.checkDuplicates, shape.checkTraceFields, checkDate, checkMessageId, checkSubject],
  ...[checkUnsubscribe, checkAddresses, checkRawLetters, checkEncodedWords, checkInjection],
  ...[checkMultiparts, checkMimeVersion, checkBodies, checkFiles, checkSize, checkCharsets],
  ...[checkTemplates, checkMojibake, checkLineBreaks, checkAddressesInHtml, checkActiveHtml],
  ...[checkLines, checkTransferEncodings],
];

/** Each check is linear; together on a hostile mail they may still take long. Those that are left are not made then. */
const usualBudgetMs = 1000;

/**
 * The worst first. What was left out is told to `problems`. Never throws: a check that fails finds nothing, and the
 * others go on.
 */
export function checkMessage(message: CheckedMessage, problems: string[], budgetMs = usualBudgetMs): Found[] {
  const found: Found[] = [];
  const endMs = performance.now() + budgetMs;
  for (const [made, check] of checks.entries()) {
    if (performance.now() > endMs) {
      problems.push(
        `Looking for mistakes in the message took too long; ${checks.length - made} of ${checks.length} checks were left out.`,
      );
      break;
    }
    try {
      for (const one of check(message)) found.push(one);
    } catch {
      // What it found before it failed is right.
    }
  }
  return rankFound(found);
}
