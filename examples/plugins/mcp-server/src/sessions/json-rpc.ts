/** The body as JSON; undefined leaves it to the transport to say what is wrong with it. */
export function parseBody(body: ArrayBuffer | undefined): unknown {
  if (!body) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** An error that answers no particular call. */
export function answerError(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status });
}
