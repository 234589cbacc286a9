// Thrift's compact protocol, as far as Parquet's footers and page headers need it: read into fields that keep their order and type, and
// written back. What is read and written unchanged gives the same bytes.

/** Types as the protocol numbers them. */
export const thrift = { yes: 1, no: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, set: 10, map: 11, struct: 12 } as const;

export interface ThriftList {
  type: number;
  items: ThriftValue[];
}

export type ThriftValue = boolean | number | bigint | Buffer | ThriftList | ThriftStruct;

export interface ThriftField {
  id: number;
  type: number;
  value: ThriftValue;
}

export interface ThriftStruct {
  fields: ThriftField[];
}

/** The value of a field, or undefined where the structure does not have it. */
export const fieldOf = <T extends ThriftValue>(struct: ThriftStruct, id: number): T | undefined => struct.fields.find((field) => field.id === id)?.value as T | undefined;

/** Sets a field in its place, or adds it where it belongs. */
export function setField(struct: ThriftStruct, id: number, type: number, value: ThriftValue): void {
  const held = struct.fields.find((field) => field.id === id);
  if (held) {
    held.type = type;
    held.value = value;
    return;
  }
  const after = struct.fields.findIndex((field) => field.id > id);
  struct.fields.splice(after < 0 ? struct.fields.length : after, 0, { id, type, value });
}

/** The number of a field of whole numbers. */
export function numberOf(struct: ThriftStruct, id: number): number | undefined {
  const value = fieldOf<number | bigint>(struct, id);
  return value === undefined ? undefined : Number(value);
}

/** Reads one structure from a place on; throws a RangeError where the bytes are none. */
export function readThrift(bytes: Buffer, from = 0): { struct: ThriftStruct; end: number } {
  const reader = { bytes, at: from };
  const struct = readStruct(reader);
  return { struct, end: reader.at };
}

interface Reader {
  bytes: Buffer;
  at: number;
}

const byteOf = (reader: Reader): number => reader.bytes.readUInt8(reader.at++);

function varint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = byteOf(reader);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new RangeError('A number of the footer is too long');
}

const zigzag = (value: bigint): bigint => (value >> 1n) ^ -(value & 1n);

function readStruct(reader: Reader): ThriftStruct {
  const fields: ThriftField[] = [];
  let id = 0;
  for (;;) {
    const head = byteOf(reader);
    if (head === 0) return { fields };
    const type = head & 0x0f;
    id = head >> 4 === 0 ? Number(zigzag(varint(reader))) : id + (head >> 4);
    fields.push({ id, type, value: type === thrift.yes ? true : type === thrift.no ? false : readValue(reader, type) });
  }
}

function readValue(reader: Reader, type: number): ThriftValue {
  switch (type) {
    case thrift.yes:
    case thrift.no:
      return byteOf(reader) === thrift.yes;
    case thrift.byte:
      return byteOf(reader);
    case thrift.i16:
    case thrift.i32:
      return Number(zigzag(varint(reader)));
    case thrift.i64:
      return zigzag(varint(reader));
    case thrift.double:
      return take(reader, 8);
    case thrift.binary:
      return take(reader, Number(varint(reader)));
    case thrift.list:
    case thrift.set: {
      const head = byteOf(reader);
      const count = head >> 4 === 15 ? Number(varint(reader)) : head >> 4;
      const items: ThriftValue[] = [];
      for (let i = 0; i < count; i += 1) items.push(readValue(reader, head & 0x0f));
      return { type: head & 0x0f, items };
    }
    case thrift.struct:
      return readStruct(reader);
    default:
      throw new RangeError(`The footer has a field of type ${type}`);
  }
}

function take(reader: Reader, length: number): Buffer {
  if (reader.at + length > reader.bytes.length) throw new RangeError('The footer is cut short');
  reader.at += length;
  return reader.bytes.subarray(reader.at - length, reader.at);
}

/** The bytes of a structure. */
export function writeThrift(struct: ThriftStruct): Buffer {
  const parts: Buffer[] = [];
  writeStruct(struct, parts);
  return Buffer.concat(parts);
}

function pushVarint(value: bigint, parts: Buffer[]): void {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  parts.push(Buffer.from(bytes));
}

const unzigzag = (value: bigint): bigint => (value < 0n ? -value * 2n - 1n : value * 2n);

function writeStruct(struct: ThriftStruct, parts: Buffer[]): void {
  let last = 0;
  for (const { id, type, value } of struct.fields) {
    const written = typeof value === 'boolean' ? (value ? thrift.yes : thrift.no) : type;
    const step = id - last;
    if (step > 0 && step <= 15) parts.push(Buffer.from([(step << 4) | written]));
    else {
      parts.push(Buffer.from([written]));
      pushVarint(unzigzag(BigInt(id)), parts);
    }
    last = id;
    if (typeof value !== 'boolean') writeValue(type, value, parts);
  }
  parts.push(Buffer.from([0]));
}

function writeValue(type: number, value: ThriftValue, parts: Buffer[]): void {
  if (typeof value === 'boolean') parts.push(Buffer.from([value ? thrift.yes : thrift.no]));
  else if (type === thrift.byte) parts.push(Buffer.from([value as number]));
  else if (typeof value === 'number' || typeof value === 'bigint') pushVarint(unzigzag(BigInt(value)), parts);
  else if (Buffer.isBuffer(value)) {
    if (type === thrift.binary) pushVarint(BigInt(value.length), parts);
    parts.push(value);
  } else if ('items' in value) {
    if (value.items.length < 15) parts.push(Buffer.from([(value.items.length << 4) | value.type]));
    else {
      parts.push(Buffer.from([0xf0 | value.type]));
      pushVarint(BigInt(value.items.length), parts);
    }
    for (const item of value.items) writeValue(value.type, item, parts);
  } else writeStruct(value, parts);
}
