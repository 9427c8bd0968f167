/** An idx file of bytes, not zipped. */
export function makeIdx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(4 + 4 * shape.length + data.length);
  bytes[2] = 0x08;
  bytes[3] = shape.length;
  shape.forEach((length, axis) => {
    bytes.writeUInt32BE(length, 4 + 4 * axis);
  });
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}
