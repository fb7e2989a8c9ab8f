// How the parts of a message are put together: boundaries, alternatives, names of files.
import type { Found } from '../../../shared/finding.ts';
import type { Part } from '../../../shared/message.ts';
import { listBodyParts } from '../body-parts.ts';
import { maxBoundary } from '../delimiters.ts';
import { readContentType } from '../part-header.ts';
import { isMultipart } from '../structure.ts';
import {
  bodyPlace,
  type CheckedMessage,
  fieldPlace,
  fieldsNamed,
  listLeaves,
  listMultiparts,
  partFieldPlace,
  placeOf,
  toFound,
} from './checked.ts';

const maxBoundaryLength = 70;
const mostMultiparts = 100;

function* checkBoundary({ raw, structure }: CheckedMessage, part: Part): Generator<Found> {
  const boundary = readContentType(raw, part).params.get('boundary')?.trimEnd() ?? '';
  const place = (): ReturnType<typeof partFieldPlace> => partFieldPlace(raw, part, 'content-type');
  if (boundary === '' || Buffer.byteLength(boundary) > maxBoundary) {
    yield toFound('mime.no-boundary', [place()], { type: part.contentType });
    return;
  }
  const isUnclosed = structure.ends.get(part) === 'unclosed';
  if (part.children.length === 0) {
    if (isUnclosed) yield toFound('mime.boundary-not-found', [place()], { boundary });
    return;
  }
  if (boundary.length > maxBoundaryLength)
    yield toFound('mime.boundary-long', [place()], { length: boundary.length });
  const end = part.bodyOffset + part.bodyLength;
  if (isUnclosed)
    yield toFound('mime.boundary-unclosed', [placeOf(raw, Math.max(end - 1, 0), 1), place()], { boundary });
}

const isText = (type: string) => (part: Part) =>
  part.contentType === type && part.disposition !== 'attachment';
const holds = (part: Part, type: string): boolean => listLeaves(part).slice(0, 100).some(isText(type));

function* checkAlternative(raw: Buffer, part: Part): Generator<Found> {
  const { children } = part;
  if (children.length === 1) {
    const vars = { part: part.path, count: 1 };
    yield toFound('mime.single-alternative', [partFieldPlace(raw, part, 'content-type')], vars);
  }
  const html = children.findIndex((child) => holds(child, 'text/html'));
  const text = children.findLastIndex(isText('text/plain'));
  if (html < 0 || text < html) return;
  yield toFound(
    'mime.alternative-order',
    [children[text]!, children[html]!].map((child) => partFieldPlace(raw, child, 'content-type')),
    { text: children[text]!.path, html: children[html]!.path },
  );
}

export function* checkMultiparts(message: CheckedMessage): Generator<Found> {
  const { raw, structure } = message;
  for (const part of listMultiparts(structure.root).slice(0, mostMultiparts)) {
    yield* checkBoundary(message, part);
    if (part.contentType === 'multipart/alternative' && part.children.length > 0)
      yield* checkAlternative(raw, part);
    if (/^(?:base64|quoted-printable)$/.test(part.encoding))
      yield toFound('mime.encoded-multipart', [partFieldPlace(raw, part, 'content-transfer-encoding')], {
        type: part.contentType,
        encoding: part.encoding,
      });
  }
}

export function* checkMimeVersion(message: CheckedMessage): Generator<Found> {
  if (fieldsNamed(message, 'mime-version').length > 0) return;
  const [field] = fieldsNamed(message, 'content-type', 'content-transfer-encoding');
  if (field === undefined) return;
  yield toFound(
    'mime.no-version',
    [{ kind: 'missing-header', header: 'MIME-Version' }, fieldPlace(message.raw, field)],
    { name: field.name },
  );
}

const looksLikeHtml =
  /^\s*(?:<!doctype html|<(?:html|head|body|p|div|table|h[1-6]|br|center|style|span|strong|b)\b[^<>]{0,300}>)/i;

export function* checkBodies({ raw, structure, text, html, attachments }: CheckedMessage): Generator<Found> {
  const parts = listBodyParts(structure.root);
  const [plain] = parts.text;
  if (parts.html !== null && plain === undefined)
    yield toFound('mime.no-text', [partFieldPlace(raw, parts.html, 'content-type')]);
  const beginning = text?.slice(0, 2000) ?? '';
  const tag = looksLikeHtml.exec(beginning)?.[0];
  if (plain !== undefined && parts.html === null && tag !== undefined && /<\/\w|<br/i.test(text ?? ''))
    yield toFound(
      'mime.html-as-text',
      [bodyPlace(raw, plain)],
      { part: plain.path, sample: beginning.trim().slice(0, 60) },
      { confidence: /doctype|<html/i.test(tag) ? 0.95 : 0.8 },
    );
  if (attachments.length === 0 && !text?.trim() && !html?.trim())
    yield toFound('content.empty', [
      placeOf(raw, structure.root.bodyOffset, Math.min(structure.root.bodyLength, 100)),
    ]);
}

/** Files that can be run, or that hold such, as Gmail and Outlook refuse them. */
const blocked = new Set(
  (
    'ade adp apk appx appxbundle bat cab chm cmd com cpl diagcab dll dmg exe hta img ins iso isp jar jnlp js jse ' +
    'lib lnk mde msc msi msix msp mst nsh pif ps1 scr sct shb sys vb vbe vbs vhd vxd wsc wsf wsh xll'
  ).split(' '),
);

export function* checkFiles({ raw, structure, attachments }: CheckedMessage): Generator<Found> {
  const leaves = listLeaves(structure.root).slice(0, 200);
  for (const part of leaves) {
    const { filename, path, contentType, disposition } = part;
    const place = () =>
      partFieldPlace(raw, part, disposition === null ? 'content-type' : 'content-disposition');
    if (filename === null) {
      if (disposition === 'attachment' && !isMultipart(part) && !contentType.startsWith('message/'))
        yield toFound('mime.attachment-without-name', [place()], { part: path, type: contentType });
      continue;
    }
    const extension = /\.([a-z0-9]{1,10})$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
    if (blocked.has(extension) && attachments.some((one) => one.part === path))
      yield toFound('content.attachment-blocked', [place()], { part: path, filename, extension });
    if (disposition !== null) yield* checkFilename(raw, part);
  }
}

function* checkFilename(raw: Buffer, part: Part): Generator<Found> {
  const place = partFieldPlace(raw, part, 'content-disposition');
  if (place.kind !== 'message' || place.header === undefined) return;
  const field = raw.toString('latin1', place.offset, place.offset + Math.min(place.length, 10_000));
  // With the form of RFC 2231 beside it, the other is for old programs.
  if (/filename\*/i.test(field)) return;
  const how = /filename\s{0,9}=\s{0,9}"?=\?/i.test(field)
    ? 'is an encoded word in filename='
    : /[\x80-\xff]/.test(field)
      ? 'has letters in filename= that are not ASCII'
      : null;
  if (how !== null) yield toFound('mime.filename-encoding', [place], { part: part.path, how });
}
