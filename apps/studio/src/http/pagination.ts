import type { FindOptionsWhere, ObjectLiteral, Repository } from 'typeorm';
import { LessThan, MoreThan } from 'typeorm';
import { z } from 'zod';
import { httpErrors } from './errors';

export const MAX_PAGE_SIZE = 200;
export const DEFAULT_PAGE_SIZE = 50;

/** The query parameters of every list; extend it with filters. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE).describe('How many to return.'),
  cursor: z.string().max(100).optional().describe('The next_cursor of the page before.'),
});

export type PageQuery = z.output<typeof pageQuery>;

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** The body of a list. */
export function listBody<T, V>(page: Page<T>, view: (item: T) => V): { data: V[]; meta: { next_cursor: string | null } } {
  return { data: page.items.map(view), meta: { next_cursor: page.nextCursor } };
}

/** One page of rows by id: oldest first, or newest first for things that only grow. */
export async function findPage<E extends ObjectLiteral & { id: number }>(
  repository: Repository<E>,
  where: FindOptionsWhere<E>,
  query: Pick<PageQuery, 'limit' | 'cursor'>,
  order: 'oldest-first' | 'newest-first' = 'oldest-first',
): Promise<Page<E>> {
  const oldestFirst = order === 'oldest-first';
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
  const idCondition = after === undefined ? {} : { id: oldestFirst ? MoreThan(after) : LessThan(after) };
  const rows = await repository.find({
    where: { ...where, ...idCondition } as FindOptionsWhere<E>,
    order: { id: oldestFirst ? 'ASC' : 'DESC' } as never,
    take: query.limit + 1,
  });
  return pageOf(rows, query.limit, (row) => row.id);
}

/** Makes a page of up to `limit + 1` rows in their order; the row too many tells that there is a next page. */
export function pageOf<T>(rows: readonly T[], limit: number, idOf: (row: T) => number): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? writeCursor(idOf(last)) : null };
}

export function writeCursor(id: number): string {
  return Buffer.from(`id:${id}`).toString('base64url');
}

export function readCursor(cursor: string): number {
  const id = /^id:(\d{1,10})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1];
  if (id === undefined || Number(id) > 2_147_483_647) throw new httpErrors.invalidRequest({}, { faults: [{ pointer: '/cursor', message: 'Send the next_cursor of an earlier answer, or none.' }] });
  return Number(id);
}
