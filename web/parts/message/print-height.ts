// How tall the frame of a mail is to be on paper. Its document tells nobody (it has no origin), so it is estimated
// from what it holds: rather too tall than cut.
import type { Message } from '../../../shared/message.ts';

const lineHeight = 24;
const lettersPerLine = 75;
const pictureHeight = 180;

export function framePrintHeight({ html, text }: Pick<Message, 'html' | 'text'>): number {
  const source = (html ?? '').slice(0, 2_000_000);
  const words = text ?? source.replace(/<(style|script|head)\b[^]*?<\/\1\s*>/gi, '').replace(/<[^>]*>/g, '');
  const lines = words.length / lettersPerLine + words.split('\n', 5000).length;
  const pictures = source.split(/<img\b/i, 60).length - 1;
  return Math.round(Math.min(40_000, Math.max(700, 240 + lines * lineHeight + pictures * pictureHeight)));
}
