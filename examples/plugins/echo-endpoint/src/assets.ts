import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Asset } from '@sluice/plugin-sdk';

/** The only files there are. A name from the outside never becomes a path. */
const MIME_TYPES: ReadonlyMap<string, string> = new Map([['ui/echo.js', 'application/javascript']]);

export function asset(path: string): Asset | undefined {
  const mimeType = MIME_TYPES.get(path);
  return mimeType === undefined ? undefined : { mimeType, content: readFileSync(join(__dirname, path)) };
}
