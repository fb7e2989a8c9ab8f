// What can be made of an attachment beside a download.
export type AttachmentKind = 'calendar' | 'contact' | 'report' | 'other';

export function kindOf(contentType: string, filename: string): AttachmentKind {
  const type = contentType.toLowerCase();
  if (type.startsWith('text/calendar') || /\.ics$/i.test(filename)) return 'calendar';
  if (/^text\/(?:x-)?vcard|^text\/directory/.test(type) || /\.vcf$/i.test(filename)) return 'contact';
  if (/^message\/(?:global-)?(?:delivery-status|disposition-notification)\b/.test(type)) return 'report';
  return 'other';
}

const icons = { calendar: 'calendar', contact: 'user', report: 'mail', other: 'paperclip' } as const;

export function attachmentIcon(contentType: string, filename: string) {
  const kind = kindOf(contentType, filename);
  return kind === 'other' && /^image\//i.test(contentType) ? 'image' : icons[kind];
}

/** What is worth a look without being asked for one; hex is not. */
export const isTelling = (contentType: string, filename: string): boolean =>
  kindOf(contentType, filename) !== 'other' ||
  /^(?:image|text|message)\/|[/+](?:json|xml)\b/i.test(contentType);
