// ClientHello messages made by hand, for what no real client sends.
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const u16s = (values: number[]): Buffer => Buffer.concat(values.map(u16));
const vector8 = (body: Buffer): Buffer => Buffer.concat([Buffer.from([body.length]), body]);
const vector16 = (body: Buffer): Buffer => Buffer.concat([u16(body.length), body]);

export type Extension = [type: number, body: Buffer];

export const serverName = (name: string): Extension => [
  0,
  vector16(Buffer.concat([Buffer.from([0]), vector16(Buffer.from(name, 'latin1'))])),
];
export const alpn = (...names: string[]): Extension => [
  16,
  vector16(Buffer.concat(names.map((name) => vector8(Buffer.from(name, 'latin1'))))),
];
export const groups = (...values: number[]): Extension => [10, vector16(u16s(values))];
export const pointFormats = (...values: number[]): Extension => [11, vector8(Buffer.from(values))];
export const signatures = (...values: number[]): Extension => [13, vector16(u16s(values))];
export const versions = (...values: number[]): Extension => [43, vector8(u16s(values))];
export const keyShares = (...shares: [number, number][]): Extension => [
  51,
  vector16(
    Buffer.concat(
      shares.map(([group, size]) => Buffer.concat([u16(group), vector16(Buffer.alloc(size, 4))])),
    ),
  ),
];
export const empty = (type: number): Extension => [type, Buffer.alloc(0)];

export function helloMessage(ciphers: number[], extensions: Extension[] | null, version = 0x0303): Buffer {
  const body = Buffer.concat([
    u16(version),
    Buffer.alloc(32, 7),
    vector8(Buffer.alloc(32, 9)),
    vector16(u16s(ciphers)),
    Buffer.from([1, 0]),
    extensions
      ? vector16(Buffer.concat(extensions.map(([type, data]) => Buffer.concat([u16(type), vector16(data)]))))
      : Buffer.alloc(0),
  ]);
  return Buffer.concat([Buffer.from([1, 0]), u16(body.length), body]);
}

export const record = (body: Buffer, type = 22, version = 0x0301): Buffer =>
  Buffer.concat([Buffer.from([type]), u16(version), vector16(body)]);

/** The same handshake bytes in so many records. */
export function refragment(message: Buffer, records: number): Buffer {
  const size = Math.ceil(message.length / records);
  const parts: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) parts.push(record(message.subarray(at, at + size)));
  return Buffer.concat(parts);
}

/** A ClientHello of TLS 1.3 and no more than it must have. */
export const plainHello = (changes: { groups?: Extension; shares?: Extension } = {}): Buffer =>
  record(
    helloMessage(
      [0x1301, 0xc02b],
      [
        serverName('localhost'),
        changes.groups ?? groups(23),
        signatures(0x0403, 0x0804),
        versions(0x0304, 0x0303),
        changes.shares ?? keyShares([23, 65]),
      ],
    ),
  );
