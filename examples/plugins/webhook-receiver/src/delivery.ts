import { createHash } from 'node:crypto';

/** One webhook on its way to the studio. */
export interface Delivery {
  /** The same for the same signed bytes, on whichever gateway and path they arrive. */
  id: string;
  /** The first part of the path: `payment`. */
  event: string;
  contentType: string;
  body: Buffer;
}

export function deliveryId(signature: string): string {
  return createHash('sha256').update(signature.toLowerCase().replace(/^sha256=/, '')).digest('hex');
}
