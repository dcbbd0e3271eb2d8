import type { CallToolResult } from '@modelcontextprotocol/server';

/** A red pixel, as PNG in base64. */
export const IMAGE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** Silence of no length, as WAV in base64. */
export const AUDIO = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

/** A tool's answer that is one text. */
export function text(value: string): CallToolResult {
  return { content: [{ type: 'text', text: value }] };
}
