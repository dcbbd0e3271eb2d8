import { Metadata, type ServiceError } from '@grpc/grpc-js';

const KEY = 'sluice-studio-time-ms';

/** What a studio sends with the refusal of a message that it takes for old or for one from the future. */
export function studioTimeMetadata(studioTimeMs: number): Metadata {
  const metadata = new Metadata();
  metadata.set(KEY, String(studioTimeMs));
  return metadata;
}

/** The studio's time in an answer that says that a message was not from now; NaN when it does not say that. */
export function studioTimeOf(error: Pick<ServiceError, 'metadata'>): number {
  const [text] = error.metadata?.get(KEY) ?? [];
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
