/** A header as HTTP/2 carries it. Names and values are bytes; here each byte is one character (latin1). */
export interface HeaderField {
  /** Lower case; a pseudo-header begins with a colon. */
  name: string;
  value: string;
}
