// The parts of a multipart/report (RFC 6522): after the words for people, the report and the mail that it is about.
import type { Part } from '../../../shared/message.ts';
import { kindOf } from './attachment-kind.ts';

export interface ReportParts {
  report: Part;
  /** The mail that it is about, or its header. */
  original: Part | null;
}

/** Null for other mail, also where a report is only attached or forwarded. */
export function findReport(root: Part | null): ReportParts | null {
  const parts = root?.contentType === 'multipart/report' ? root.children : [];
  const at = parts.findIndex(({ contentType }) => kindOf(contentType, '') === 'report');
  if (at < 0) return null;
  const isOriginal = ({ contentType }: Part): boolean =>
    /^(?:text\/rfc822-headers|message\/(?:rfc822|global|global-headers))$/i.test(contentType);
  return { report: parts[at]!, original: parts.slice(at + 1).find(isOriginal) ?? null };
}

export interface OriginalField {
  name: string;
  value: string;
}

const maxHeader = 64 * 1024;
const shown = ['From', 'To', 'Subject', 'Date', 'Message-ID'];

/** RFC 2047. What cannot be decoded stays as it was sent. */
function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(
      /=\?([^?\s]{1,60})\?([bq])\?([^?\s]*)\?=/gi,
      (whole, charset: string, form: string, content: string) => {
        try {
          const binary = /b/i.test(form)
            ? atob(content)
            : content
                .replaceAll('_', ' ')
                .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
          const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
          return new TextDecoder(charset.split('*')[0]).decode(bytes);
        } catch {
          return whole;
        }
      },
    );
}

/** What says which mail it was, of the start of a message or of its header. */
export function readOriginal(text: string): OriginalField[] {
  const [header = ''] = text.slice(0, maxHeader).replace(/\r\n?/g, '\n').split('\n\n', 1);
  const lines = header.replace(/\n(?=[ \t])/g, '').split('\n');
  return shown.flatMap((name) => {
    const line = lines.find(
      (text) => text.slice(0, name.length + 1).toLowerCase() === `${name.toLowerCase()}:`,
    );
    return line === undefined ? [] : [{ name, value: decodeWords(line.slice(name.length + 1, 2000).trim()) }];
  });
}
