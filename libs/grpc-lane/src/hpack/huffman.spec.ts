import { decodeHuffman, encodeHuffman } from './huffman';

const decode = (bytes: Uint8Array) => decodeHuffman(bytes, 0, bytes.length);

it.each([
  ['www.example.com', 'f1e3c2e5f23a6ba0ab90f4ff'],
  ['no-cache', 'a8eb10649cbf'],
  ['custom-key', '25a849e95ba97d7f'],
  ['Mon, 21 Oct 2013 20:13:21 GMT', 'd07abe941054d444a8200595040b8166e082a62d1bff'],
])('codes %s as RFC 7541, Appendix C has it, both ways', (text, code) => {
  expect(Buffer.from(encodeHuffman(text)).toString('hex')).toBe(code);
  expect(decode(Buffer.from(code, 'hex'))).toBe(text);
});

it('codes every byte, alone and among others, both ways', () => {
  for (let byte = 0; byte < 256; byte++) {
    for (const text of [String.fromCharCode(byte), `a${String.fromCharCode(byte)}z`, String.fromCharCode(byte).repeat(9)]) expect(decode(encodeHuffman(text))).toBe(text);
  }
});
