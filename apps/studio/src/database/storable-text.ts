/** The text as Postgres takes it in text and jsonb: without NUL, and without the halves of characters, such as cutting leaves behind. */
export function storableText(text: string, maxLength = Infinity): string {
  return Buffer.from(text.replaceAll('\u0000', '').slice(0, maxLength)).toString();
}
