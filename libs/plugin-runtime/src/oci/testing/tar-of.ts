export interface TarEntry {
  path: string;
  content?: string | Buffer;
  mode?: number;
  /** The type flag; default: a file. */
  type?: string;
  link?: string;
  /** A size that is not the content's. */
  claimedSize?: number;
}

/** A tar archive byte by byte: the usual writers do not make what an attacker makes. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(1_024)]);
}

function blocksOf({ path, content = '', mode = 0o644, type = '0', link = '', claimedSize }: TarEntry): Buffer[] {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  octal(header, mode, 100, 8);
  octal(header, 0, 108, 8);
  octal(header, 0, 116, 8);
  octal(header, claimedSize ?? body.length, 124, 12);
  octal(header, 0, 136, 12);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  octal(header, header.reduce((sum, byte) => sum + byte, 0), 148, 7);
  return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}

function octal(header: Buffer, value: number, at: number, width: number): void {
  header.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, width);
}
