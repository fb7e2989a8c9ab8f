// What a reply of an SMTP server means for a person, and what its client should do about it.
import { enhancedCodes, enhancedSubjects } from './enhanced-codes.ts';
import { providerCodes, providerRows, type ProviderRow } from './provider-codes.ts';
import { replyClasses, replyCodes, replySubjects } from './reply-codes.ts';

export interface ReplyExplanation {
  /** `success`, `more expected`, `transient failure`, `permanent failure`, or `not a reply code`. */
  class: string;
  meaning: string;
  /** Whether to retry, and what the client must do. */
  advice: string;
  /** e.g. `RFC 5321 4.2.3, RFC 3463 3.2`. */
  reference: string;
}

const maxText = 2000;
const enhancedForm = /^([245])\.(\d{1,3})\.(\d{1,3})(?!\S)/;

interface Enhanced {
  meaning: string;
  advice: string | null;
  reference: string;
}

function explainEnhanced(code: number, enhanced: string): Enhanced | null {
  const [, first, subject, detail] = enhancedForm.exec(enhanced) ?? [];
  if (first === undefined) return null;
  const key = `${Number(subject)}.${Number(detail)}`;
  // RFC 2034 4: the class of the enhanced code is the first digit of the reply code.
  const clash =
    Math.floor(code / 100) === Number(first)
      ? ''
      : ` The class ${first} of ${enhanced} contradicts ${code}, which counts.`;
  const row = enhancedCodes.get(key);
  if (row) return { meaning: `${row[0]}${clash}`, advice: clash ? null : row[1], reference: row[2] };
  const own = providerCodes.get(key);
  if (own)
    return {
      meaning: `${own[0]} ${enhanced} is a code of ${own[1]}.${clash}`,
      advice: null,
      reference: `${own[1]}, not registered`,
    };
  const about = enhancedSubjects[Number(subject)] ?? enhancedSubjects[0];
  return {
    meaning: `${about} ${enhanced} is not registered.${clash}`,
    advice: null,
    reference: 'RFC 3463 3',
  };
}

export interface StatusExplanation {
  /** `success`, `transient failure` or `permanent failure`. */
  class: string;
  meaning: string;
  advice: string | null;
}

/** An enhanced code that stands alone, as in a delivery report; null for what is none. */
export function explainStatus(status: string): StatusExplanation | null {
  const code = Number(status[0]) * 100;
  const detail = explainEnhanced(code, status);
  return detail && { class: replyClasses[code / 100]![0], meaning: detail.meaning, advice: detail.advice };
}

const findProvider = (text: string): ProviderRow | undefined =>
  providerRows.find(([pattern]) => pattern.test(text));

/** `enhanced` may be null, or still stand at the start of `text`. Any input gives an explanation. */
export function explainReply(code: number, enhanced: string | null, text: string): ReplyExplanation {
  const said = text.slice(0, maxText);
  const kind = Number.isInteger(code) ? replyClasses[Math.floor(code / 100)] : undefined;
  if (!kind)
    return {
      class: 'not a reply code',
      meaning: 'SMTP replies begin with a number from 200 to 599.',
      advice: 'Check that this is a mail server.',
      reference: 'RFC 5321 4.2',
    };

  const row = replyCodes[code];
  const basic = row ?? [
    `${kind[1]} ${replySubjects[Math.floor(code / 10) % 10] ?? ''}`.trim(),
    kind[2],
    'RFC 5321 4.2.1',
  ];
  const detail = explainEnhanced(code, enhanced?.trim() || (enhancedForm.exec(said)?.[0] ?? ''));
  // Success needs no second reason, and "Accepted, no virus found" is none.
  const provider = code >= 400 ? findProvider(said) : undefined;
  const meaning = [basic[0], detail?.meaning, provider && `The text says: ${provider[1]}`];
  const advice = provider?.[2] ?? detail?.advice ?? basic[1];
  return {
    class: kind[0],
    meaning: [...new Set(meaning.filter(Boolean))].join(' '),
    advice: /retr|again later|repeat|give up/i.test(advice) ? advice : `${retryRule(code)}${advice}`,
    reference: [...new Set([basic[2], detail?.reference].filter(Boolean))].join(', '),
  };
}

/** RFC 5321 4.2.1: only the first digit says whether a retry makes sense. */
function retryRule(code: number): string {
  if (code >= 500) return 'Do not retry unchanged. ';
  if (code >= 400) return 'Retry later. ';
  return '';
}
