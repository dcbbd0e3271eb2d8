import { LineSplitter, MAX_LINE_BYTES } from './line-splitter';

function split(...chunks: string[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.flush();
  return lines;
}

describe('LineSplitter', () => {
  it('joins what arrives in pieces and keeps empty lines', () => {
    expect(split('on', 'e\ntw', 'o\n\nthree\n')).toEqual(['one', 'two', '', 'three']);
  });

  it('drops the carriage return of a CRLF line end', () => {
    expect(split('one\r\ntwo\r\n')).toEqual(['one', 'two']);
  });

  it('gives the last line although no line end follows', () => {
    expect(split('one\ntwo')).toEqual(['one', 'two']);
  });

  it('joins a character whose bytes arrive apart', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    const bytes = Buffer.from('é\n');
    splitter.push(bytes.subarray(0, 1));
    splitter.push(bytes.subarray(1));
    expect(lines).toEqual(['é']);
  });

  it('cuts a line that is too long into parts and loses nothing', () => {
    const long = 'x'.repeat(MAX_LINE_BYTES * 2 + 10);
    const lines = split(long.slice(0, 100), `${long.slice(100)}\nnext\n`);
    expect(lines.map((line) => line.length)).toEqual([MAX_LINE_BYTES, MAX_LINE_BYTES, 10, 4]);
    expect(lines.slice(0, 3).join('')).toBe(long);
  });

  it('keeps a line of exactly the limit whole', () => {
    expect(split(`${'x'.repeat(MAX_LINE_BYTES)}\nnext\n`).map((line) => line.length)).toEqual([MAX_LINE_BYTES, 4]);
  });
});
