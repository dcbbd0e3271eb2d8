import { HpackDecoder } from './hpack-decoder';
import { encodeHeaders } from './hpack-encoder';

const decoder = (maxTableBytes = 4_096) => new HpackDecoder({ maxTableBytes, maxListBytes: 65_536 });
const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const lines = (fields: readonly { name: string; value: string }[]) => fields.map(({ name, value }) => `${name}: ${value}`);

describe('examples of RFC 7541, Appendix C', () => {
  it.each([
    ['C.2.1 literal with indexing', '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572', ['custom-key: custom-header']],
    ['C.2.2 literal without indexing', '040c 2f73 616d 706c 652f 7061 7468', [':path: /sample/path']],
    ['C.2.3 literal never indexed', '1008 7061 7373 776f 7264 0673 6563 7265 74', ['password: secret']],
    ['C.2.4 indexed', '82', [':method: GET']],
  ])('%s', (_name, block, expected) => {
    expect(lines(decoder().decode(hex(block)))).toEqual(expected);
  });

  const REQUESTS = [
    [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
    [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
    [':method: GET', ':scheme: https', ':path: /index.html', ':authority: www.example.com', 'custom-key: custom-value'],
  ];

  it.each([
    ['C.3 without Huffman', ['8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d', '8286 84be 5808 6e6f 2d63 6163 6865', '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65']],
    ['C.4 with Huffman', ['8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff', '8286 84be 5886 a8eb 1064 9cbf', '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf']],
  ])('%s: three requests on one connection', (_name, blocks) => {
    const shared = decoder();
    expect(blocks.map((block) => lines(shared.decode(hex(block))))).toEqual(REQUESTS);
  });

  const RESPONSES = [
    [':status: 302', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'],
    [':status: 307', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'],
    [
      ':status: 200',
      'cache-control: private',
      'date: Mon, 21 Oct 2013 20:13:22 GMT',
      'location: https://www.example.com',
      'content-encoding: gzip',
      'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
    ],
  ];

  it.each([
    [
      'C.5 without Huffman',
      [
        '4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
        '4803 3330 37c1 c0bf',
        '88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31',
      ],
    ],
    [
      'C.6 with Huffman',
      [
        '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
        '4883 640e ffc1 c0bf',
        '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
      ],
    ],
  ])('%s: three responses that evict from a table of 256 bytes', (_name, blocks) => {
    const shared = decoder(256);
    expect(blocks.map((block) => lines(shared.decode(hex(block))))).toEqual(RESPONSES);
  });
});

describe('what may not be in a header block', () => {
  it.each([
    ['an index of nothing', '80'],
    ['an index beyond both tables', 'be'],
    ['a name index beyond both tables', '7f80 8001 0161'],
    ['an integer that ends early', 'ff'],
    ['an integer of more than 28 bits', 'ffff ffff ff7f'],
    ['an integer of endless zeros', 'ff80 8080 8080 8000'],
    ['a string that ends early', '400a 6375'],
    ['a name without a value', '4003 666f 6f'],
    ['a table larger than was allowed', '3fe2 1f'],
    ['a change of the table after a header', '8220'],
    ['Huffman code that ends with zeros', '4081 0001 61'],
    ['Huffman code with more than 7 bits of padding', '4082 1fff 0161'],
    ['the end-of-string symbol', '4084 ffff fffc 0161'],
  ])('refuses %s', (_name, block) => {
    expect(() => decoder().decode(hex(block))).toThrow(expect.objectContaining({ name: 'HpackError' }));
  });

  it('refuses headers that are larger than was allowed, however small their encoding', () => {
    const bomb = Buffer.concat([hex('4001 61 7f81 1f'), Buffer.alloc(4_096, 0x62), Buffer.alloc(100, 0xbe)]);
    expect(() => new HpackDecoder({ maxTableBytes: 8_192, maxListBytes: 65_536 }).decode(bomb)).toThrow('larger than 65536 bytes');
  });
});

it('knows when an equal block need not be decoded again', () => {
  const subject = decoder();
  subject.decode(hex('82'));
  expect([subject.isPure, subject.isEmpty]).toEqual([true, true]);
  subject.decode(hex('2082'));
  expect([subject.isPure, subject.isEmpty]).toEqual([false, true]);
  subject.decode(hex('4001 6101 62'));
  expect([subject.isPure, subject.isEmpty]).toEqual([true, true]);
  subject.decode(hex('3fe1 1f40 0161 0162'));
  expect([subject.isPure, subject.isEmpty]).toEqual([false, false]);
  subject.decode(hex('82'));
  expect([subject.isPure, subject.isEmpty]).toEqual([false, false]);
});

it('decodes what the encoder makes of any bytes', () => {
  const every = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte));
  const fields = [
    { name: ':method', value: 'POST' },
    { name: ':path', value: '/plugin.PluginService/Call' },
    { name: 'content-type', value: 'application/grpc' },
    { name: 'x-long', value: 'a'.repeat(1_000) },
    { name: 'x-bytes', value: every },
    { name: 'x-empty', value: '' },
  ];
  for (const huffman of [true, false]) expect(decoder(0).decode(encodeHeaders(fields, huffman))).toEqual(fields);
});
