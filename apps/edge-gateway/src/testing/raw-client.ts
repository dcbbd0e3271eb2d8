import { connect, type Socket } from 'node:net';

/** What came back for bytes that were sent. */
export interface RawAnswer {
  /** That of the last answer; 0 where none came. */
  status: number;
  /** Those of all answers, informational ones too. */
  statuses: number[];
  /** The header lines of the last answer, byte for byte. */
  headerLines: string[];
  body: string;
  /** The server ended the connection. */
  closed: boolean;
  /** Everything, one character for each byte. */
  text: string;
}

const STATUS_LINE = /HTTP\/1\.[01] (\d{3}) [^\r\n]*\r\n/g;
const OPEN_FOR_MS = 400;

/** Sends these bytes, one for each character, and waits until the server ends the connection, or says nothing more for a while. */
export function sendRaw(port: number, bytes: string | readonly string[], openForMs = OPEN_FOR_MS): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let text = '';
    const settle = (closed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...parse(text), closed, text });
    };
    let timer = setTimeout(() => settle(false), openForMs);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      timer.refresh();
    });
    socket.on('end', () => settle(true)).on('error', () => settle(true));
    socket.once('connect', () => (timer = timer.refresh()));
    void writeAll(socket, typeof bytes === 'string' ? [bytes] : bytes);
  });
}

/** Each part in a packet of its own. */
async function writeAll(socket: Socket, parts: readonly string[]): Promise<void> {
  socket.setNoDelay(true);
  for (const part of parts) {
    if (socket.destroyed) return;
    socket.write(part, 'latin1');
    await new Promise((resolve) => setTimeout(resolve, parts.length > 1 ? 15 : 0));
  }
}

function parse(text: string): Pick<RawAnswer, 'status' | 'statuses' | 'headerLines' | 'body'> {
  const starts = [...text.matchAll(STATUS_LINE)];
  const last = starts.at(-1);
  if (!last) return { status: 0, statuses: [], headerLines: [], body: '' };
  const [head = '', ...body] = text.slice(last.index + last[0].length).split('\r\n\r\n');
  return { status: Number(last[1]), statuses: starts.map(([, status]) => Number(status)), headerLines: head.split('\r\n'), body: body.join('\r\n\r\n') };
}
