// What the header of a part says about its body: type, charset, encoding, disposition, names.
import type { Part } from '../../shared/message.ts';
import { withoutComments } from './comments.ts';
import { type FieldSpan, fieldName, fieldValue, scanFields } from './header-fields.ts';
import { type ParameterValue, parseParameters } from './parameters.ts';

const maxFieldBytes = 256 * 1024;
const maxNameLength = 1000;
export const partHeaderLimits = { fields: 200, bytes: 256 * 1024 };

export interface PartHeader extends Pick<
  Part,
  'contentType' | 'charset' | 'encoding' | 'disposition' | 'filename' | 'contentId'
> {
  boundary: string | null;
}

/** The first field of each name that begins with `content-`, unfolded. */
function readContentFields(raw: Buffer, fields: FieldSpan[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const field of fields) {
    // Most fields are others: one look at the first letter spares reading their names.
    if (field.colon < 0 || (raw[field.start]! | 32) !== 99) continue;
    const name = fieldName(raw, field);
    if (name.startsWith('content-') && !found.has(name))
      found.set(name, fieldValue(raw, field, maxFieldBytes));
  }
  return found;
}

/** RFC 2183 §2.8: an unknown disposition is an attachment. */
function readDisposition(value: string): Part['disposition'] {
  if (value === '') return null;
  return value === 'inline' ? 'inline' : 'attachment';
}

/** Programs write parentheses into it that are no comments: what is in angle brackets is kept as it is. */
const readContentId = (value: string): string =>
  (/<([^<>]*)>/.exec(value)?.[1] ?? withoutComments(value).replace(/^<|>$/g, '')).trim();

export function readPartHeader(raw: Buffer, fields: FieldSpan[], defaultType: string): PartHeader {
  const content = readContentFields(raw, fields);
  const type = parseParameters(content.get('content-type') ?? '');
  const disposition = parseParameters(content.get('content-disposition') ?? '');
  const filename = disposition.params.get('filename') || type.params.get('name') || null;
  const encoding = parseParameters(content.get('content-transfer-encoding') ?? '').value.replaceAll('"', '');
  const contentId = readContentId(content.get('content-id') ?? '');
  return {
    // RFC 2045 §5.2: what cannot be understood is read as plain text.
    contentType: /^[^\s/]{1,100}\/[^\s/]{1,100}$/.test(type.value)
      ? type.value
      : type.value === ''
        ? defaultType
        : 'text/plain',
    charset: type.params.get('charset')?.trim().split(/\s/)[0]!.toLowerCase().slice(0, 100) || null,
    encoding: encoding.slice(0, 100) || '7bit',
    disposition: readDisposition(disposition.value),
    filename: filename?.replaceAll('\t', ' ').slice(0, maxNameLength) ?? null,
    contentId: contentId.slice(0, maxNameLength) || null,
    boundary: type.params.get('boundary')?.trimEnd() || null,
  };
}

/** Content-Type with the parameters that a `Part` does not keep. */
export function readContentType(raw: Buffer, part: Part): ParameterValue {
  const { fields } = scanFields(
    raw.subarray(0, part.bodyOffset),
    part.headerOffset,
    partHeaderLimits,
    () => false,
  );
  return parseParameters(readContentFields(raw, fields).get('content-type') ?? '');
}
