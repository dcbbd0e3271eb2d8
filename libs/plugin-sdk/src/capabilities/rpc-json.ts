/** Calls of pages carry JSON text; nothing at all is undefined. */
export function valueFromJson(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text);
}

export function resultToJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}
