const HEAD_END = '\r\n\r\n';

/** How many characters the HTTP/1.1 answer at the start of `text` has; 0 when it is not complete. Throws when it is not a 200. */
export function answerLength(text) {
  const head = text.indexOf(HEAD_END);
  if (head === -1) return 0;
  if (!text.startsWith('HTTP/1.1 200 ')) throw new Error(`Not 200: ${text.slice(0, 500)}`);
  const body = head + HEAD_END.length;
  const fields = text.slice(0, body);
  const length = /\r\ncontent-length: *(\d+)/i.exec(fields);
  if (length !== null) return whole(text, body + Number(length[1]));
  if (/\r\ntransfer-encoding: *chunked/i.test(fields)) return whole(text, endOfChunks(text, body));
  throw new Error(`An answer of unknown length: ${fields.slice(0, 500)}`);
}

function whole(text, total) {
  return text.length >= total ? total : 0;
}

/** RFC 9112, section 7.1. Infinity when there is more to come. */
function endOfChunks(text, start) {
  for (let at = start; ; ) {
    const line = text.indexOf('\r\n', at);
    if (line === -1) return Infinity;
    const size = parseInt(text.slice(at, line), 16);
    if (Number.isNaN(size)) throw new Error(`A chunk without a size: ${text.slice(at, line)}`);
    if (size === 0) return endOfTrailers(text, line);
    at = line + 2 + size + 2;
  }
}

function endOfTrailers(text, line) {
  const end = text.indexOf(HEAD_END, line);
  return end === -1 ? Infinity : end + HEAD_END.length;
}
