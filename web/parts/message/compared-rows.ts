// The rows of a comparison, with what is the same folded away where one asks for it.
import type { Span } from '../../../shared/compare/changed-spans.ts';
import type { MessageComparison } from '../../../shared/compare/compare-messages.ts';
import type { Message } from '../../../shared/message.ts';
import { formatParameter } from '../../../shared/smtp-text.ts';
import type { EnvelopeAddress } from '../../../shared/transaction.ts';

export type ComparedKind = 'same' | 'changed' | 'moved' | 'renamed' | 'only-left' | 'only-right';

export interface ComparedSide {
  /** A line number or the name of a field, in front of the text. */
  label: string;
  text: string;
  spans: readonly Span[];
}

export interface ComparedRow {
  kind: ComparedKind;
  left: ComparedSide | null;
  right: ComparedSide | null;
}

export interface Fold {
  kind: 'fold';
  count: number;
}

export const sections = ['headers', 'envelope', 'text', 'html', 'structure', 'attachments'] as const;
export type Section = (typeof sections)[number];

/** Lines of what is the same that stay around a difference. */
const context = 2;

const side = (label: string, text: string, spans: readonly Span[] = []): ComparedSide => ({
  label,
  text,
  spans,
});

type Way = Pick<Message, 'envelope' | 'origin' | 'tls' | 'user'>;

/** What was said before DATA. Recipients stand beside themselves, whatever their order. */
export function envelopeRows(left: Way, right: Way): ComparedRow[] {
  const pair = (label: string, one: string | null, two: string | null): ComparedRow => ({
    kind: one === two ? 'same' : one === null ? 'only-right' : two === null ? 'only-left' : 'changed',
    left: one === null ? null : side(label, one),
    right: two === null ? null : side(label, two),
  });
  const said = ({ address, params }: EnvelopeAddress): string =>
    [`<${address}>`, ...params.map(formatParameter)].join(' ');
  // The nth RCPT of an address stands for the nth of that address.
  const numbered = ({ envelope }: Way): Map<string, EnvelopeAddress> => {
    const count = new Map<string, number>();
    return new Map(
      envelope.to.map((recipient) => {
        const key = recipient.address.toLowerCase();
        count.set(key, (count.get(key) ?? 0) + 1);
        return [`${key} ${count.get(key)}`, recipient];
      }),
    );
  };
  const [a, b] = [numbered(left), numbered(right)];
  const recipients = [...new Set([...a.keys(), ...b.keys()])].map((key) => {
    const [one, two] = [a.get(key), b.get(key)];
    return pair('RCPT TO', one ? said(one) : null, two ? said(two) : null);
  });
  return [
    pair('MAIL FROM', said(left.envelope.from), said(right.envelope.from)),
    ...recipients,
    pair('Came by', left.origin, right.origin),
    pair('TLS', left.tls ?? 'none', right.tls ?? 'none'),
    pair('Login', left.user ?? 'none', right.user ?? 'none'),
  ];
}

export function rowsOf(result: MessageComparison, section: Exclude<Section, 'envelope'>): ComparedRow[] {
  if (section === 'headers')
    return result.headers.map(({ kind, left, right, parts }) => ({
      kind,
      left: left && side(left.name, left.value, parts?.left),
      right: right && side(right.name, right.value, parts?.right),
    }));
  if (section === 'structure')
    return result.structure.map(({ kind, path, left, right }) => ({
      kind,
      left: left === null ? null : side(path, left),
      right: right === null ? null : side(path, right),
    }));
  if (section === 'attachments')
    return result.attachments.map(({ kind, left, right }) => {
      const [one, two] = [left, right].map(
        (file) =>
          file &&
          side(
            file.part,
            `${file.filename || '(no name)'}, ${file.contentType}, ${file.size} B, sha256 ${file.sha256}`,
          ),
      );
      return { kind, left: one ?? null, right: two ?? null };
    });
  return result[section].map(({ kind, left, right, parts }) => ({
    kind,
    left: left && side(String(left.n), left.text, parts?.left),
    right: right && side(String(right.n), right.text, parts?.right),
  }));
}

export const countChanged = (rows: readonly ComparedRow[]): number =>
  rows.filter(({ kind }) => kind !== 'same').length;

export function foldSame(rows: readonly ComparedRow[]): (ComparedRow | Fold)[] {
  const near = new Uint8Array(rows.length);
  rows.forEach(({ kind }, index) => {
    if (kind !== 'same') near.fill(1, Math.max(0, index - context), index + context + 1);
  });
  const found: (ComparedRow | Fold)[] = [];
  let count = 0;
  rows.forEach((row, index) => {
    if (!near[index]) {
      count += 1;
      return;
    }
    if (count > 0) found.push({ kind: 'fold', count });
    count = 0;
    found.push(row);
  });
  if (count > 0) found.push({ kind: 'fold', count });
  return found;
}

/** The text cut at its changed places. */
export function cutAtSpans(text: string, spans: readonly Span[]): { text: string; isChanged: boolean }[] {
  const parts: { text: string; isChanged: boolean }[] = [];
  let done = 0;
  for (const { start, end } of spans) {
    if (start >= text.length) break;
    if (start > done) parts.push({ text: text.slice(done, start), isChanged: false });
    parts.push({ text: text.slice(start, end), isChanged: true });
    done = end;
  }
  if (done < text.length) parts.push({ text: text.slice(done), isChanged: false });
  return parts;
}
