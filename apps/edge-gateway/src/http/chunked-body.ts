import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { thisTurn } from './this-turn';

/** Larger ones are not worth a copy. */
const SMALL_BYTES = 4_096;

const LAST = '0\r\n\r\n';
const NOTHING = Buffer.alloc(0);

type SentHead = ServerResponse & { _headerSent?: boolean; outputSize?: number };

/**
 * Writes the body of an answer of unknown length behind its head. `write` of node:http makes four pieces of each one of a chunked body
 * (RFC 9112, section 7.1); here a small one leaves as one text, one character a byte.
 */
export class ChunkedBody {
  private readonly isChunked: boolean;
  private writtenInTurn = -1;

  /** To be made when the head was given to `writeHead`, which decides whether the body is chunked: in HTTP/1.0 the connection's end is that of the body. */
  constructor(private readonly res: ServerResponse) {
    this.isChunked = res.chunkedEncoding;
    res.chunkedEncoding = false;
  }

  /**
   * Never without bytes: a chunk of none would end the body.
   * @param onTaken hears when the system has taken the data, or that it could not
   * @returns whether there is room for more
   */
  write(data: Buffer, onTaken?: (error?: Error | null) => void): boolean {
    const { res } = this;
    if (!this.isChunked) return res.write(data, onTaken);
    const size = data.length.toString(16);
    if (data.length <= SMALL_BYTES) return this.writeText(`${size}\r\n${data.toString('latin1')}\r\n`, onTaken);
    res.write(`${size}\r\n`, 'latin1');
    res.write(data, onTaken);
    return res.write('\r\n', 'latin1');
  }

  end(): void {
    if (this.isChunked) this.res.end(LAST, 'latin1');
    else this.res.end();
  }

  /**
   * `write` of node:http holds each piece until the end of the turn, which is worth its cost where more of them come. The first one of a turn is mostly the only
   * one, and goes to the system at once.
   */
  private writeText(text: string, onTaken?: (error?: Error | null) => void): boolean {
    const { res } = this;
    const turn = thisTurn();
    const line = turn === this.writtenInTurn ? undefined : lineOf(res);
    this.writtenInTurn = turn;
    if (!line) return res.write(text, 'latin1', onTaken);
    // Of what it did not write itself, node:http tells nobody that there is room again.
    return line.write(text, 'latin1', onTaken) || res.write(NOTHING);
  }
}

/** The connection, where what is written to it now comes right behind all that this answer has written. */
function lineOf(res: SentHead): Socket | undefined {
  const { socket } = res;
  return socket?.writable && !res.writableEnded && res._headerSent === true && res.outputSize === 0 && socket.writableCorked === 0 ? socket : undefined;
}
