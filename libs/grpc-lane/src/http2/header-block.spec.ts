import { HeaderBlock } from './header-block';

const LIMITS = { maxBlockBytes: 6, maxContinuations: 2 };

it('puts the parts together, although their buffers are used again', () => {
  const block = new HeaderBlock(1, true, LIMITS);
  const buffer = Buffer.from('abcdef');
  block.append(buffer, 0, 3);
  buffer.fill('x');
  block.append(Buffer.from('..def'), 2, 5);
  expect(block.whole().toString()).toBe('abcdef');
});

it('bounds bytes and parts', () => {
  const block = new HeaderBlock(1, true, LIMITS);
  block.append(Buffer.alloc(6), 0, 6);
  expect(() => block.append(Buffer.alloc(1), 0, 1)).toThrow('larger than 6 bytes');
  const empty = new HeaderBlock(1, true, LIMITS);
  for (let part = 0; part < 3; part++) empty.append(Buffer.alloc(0), 0, 0);
  expect(() => empty.append(Buffer.alloc(0), 0, 0)).toThrow('more than 2 CONTINUATION frames');
});
