const PAGE_ROWS = 1_000;

/** All rows by ascending id, some at a time. `load` answers with the next rows after an id, at most as many as it is asked for. */
export async function* rowPages<Row extends { id: number }>(load: (afterId: number, limit: number) => Promise<Row[]>): AsyncIterable<Row[]> {
  for (let afterId = 0; ; ) {
    const rows = await load(afterId, PAGE_ROWS);
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE_ROWS) return;
    afterId = rows.at(-1)!.id;
  }
}
