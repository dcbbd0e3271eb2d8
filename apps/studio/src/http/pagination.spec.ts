import { pageOf, pageQuery, readCursor, writeCursor } from './pagination';

const row = (id: number): { id: number } => ({ id });

describe('pages', () => {
  it('have a cursor to the next one only when there is more', () => {
    expect(pageOf([row(1), row(2)], 2, ({ id }) => id)).toEqual({ items: [row(1), row(2)], nextCursor: null });
    const page = pageOf([row(1), row(2), row(3)], 2, ({ id }) => id);
    expect(page.items).toEqual([row(1), row(2)]);
    expect(readCursor(page.nextCursor!)).toBe(2);
    expect(pageOf([], 2, () => 0)).toEqual({ items: [], nextCursor: null });
  });

  it.each(['', 'abc', Buffer.from('id:-1').toString('base64url'), Buffer.from('id:9999999999').toString('base64url'), Buffer.from('id:1 OR 1=1').toString('base64url')])(
    'refuse the cursor %p',
    (cursor) => {
      expect(() => readCursor(cursor)).toThrow(expect.objectContaining({ code: 'http.invalidRequest', faults: [expect.objectContaining({ pointer: '/cursor' })] }));
    },
  );

  it('hold 50 rows unless asked otherwise, and at most 200', () => {
    expect(pageQuery.parse({})).toEqual({ limit: 50 });
    expect(pageQuery.parse({ limit: '200', cursor: writeCursor(7) }).limit).toBe(200);
    expect(pageQuery.safeParse({ limit: '201' }).success).toBe(false);
  });
});
