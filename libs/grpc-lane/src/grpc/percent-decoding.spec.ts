import { decodeMessage, encodeMessage } from './percent-decoding';

it.each(['', 'plain', '100 %', '日本語 ä', 'a\nb\0c', ' spaces at both ends ', '%41', '~!"#$&\'()*+,-./'])('brings %j back', (text) => {
  const encoded = encodeMessage(text);
  expect(encoded).toMatch(/^(?:[!-~](?:[ -~]*[!-~])?)?$/);
  expect(decodeMessage(encoded)).toBe(text);
});

it.each([
  ['%', '%'],
  ['100%', '100%'],
  ['%4', '%4'],
  ['%zz%41', '%zzA'],
  ['%e4%BD%a0', '你'],
  ['%ff', '\ufffd'],
])('reads %s without complaint', (text, message) => {
  expect(decodeMessage(text)).toBe(message);
});
