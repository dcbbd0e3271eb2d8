import { StdioBuffer } from './stdio-buffer';

const never = new AbortController().signal;

describe('StdioBuffer', () => {
  it('gives everything since the last reading', async () => {
    const buffer = new StdioBuffer();
    buffer.push(Buffer.from('a'));
    buffer.push(Buffer.from('b'));
    expect(String(await buffer.read(never))).toBe('ab');
    const later = buffer.read(never);
    buffer.push(Buffer.from('c'));
    expect(String(await later)).toBe('c');
  });

  it('drops the oldest when it is full', async () => {
    const buffer = new StdioBuffer(10);
    for (const text of ['1234', '5678', '90ab']) buffer.push(Buffer.from(text));
    expect(String(await buffer.read(never))).toBe('567890ab');
    buffer.push(Buffer.from('a line longer than the buffer'));
    expect(String(await buffer.read(never))).toBe('the buffer');
  });

  it('lets a reader go', async () => {
    const reader = new AbortController();
    const reading = new StdioBuffer().read(reader.signal);
    reader.abort();
    expect(await reading).toBeUndefined();
  });
});
