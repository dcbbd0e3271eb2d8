/**
 * Decodes `grpc-message` ("Responses" of gRPC's PROTOCOL-HTTP2 document): UTF-8 with percent-encoding. What is not encoded properly stays
 * as it is, since a broken message must not hide the status that it explains.
 */
export function decodeMessage(text: string): string {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const hex = text[index] === '%' ? text.slice(index + 1, index + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      index += 2;
    } else {
      bytes.push(text.charCodeAt(index) & 0xff);
    }
  }
  return Buffer.from(bytes).toString('utf8');
}

/** The inverse: what is not printable ASCII, and the percent sign, is encoded; and white space at either end, which headers may not have. */
export function encodeMessage(text: string): string {
  let result = '';
  const bytes = Buffer.from(text, 'utf8');
  for (const [index, byte] of bytes.entries()) {
    const atEnd = index === 0 || index === bytes.length - 1;
    const plain = byte >= (atEnd ? 0x21 : 0x20) && byte <= 0x7e && byte !== 0x25;
    result += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return result;
}
