import type { Registration } from '@sluice/contracts/edge';
import { parseNamespace } from '../snapshots';
import { gatewayErrors } from './gateway-errors';

const KEY_BYTES = 32;
const MAX_NAME_LENGTH = 200;
const MAX_VERSION_LENGTH = 100;
const MAX_TOKEN_LENGTH = 1_000;

/** The registration with its namespace as the studio writes it. @throws gatewayErrors.badRegistration */
export function checkRegistration(registration: Registration): Registration {
  const namespace = parseNamespace(registration.namespace);
  const { name, version, publicKey, sealingKey, enrolmentToken } = registration;
  if (namespace === undefined) throw bad('The namespace consists of lower-case letters, digits and hyphens, at most 63.');
  if (publicKey.length !== KEY_BYTES) throw bad('The public key must be the raw 32 bytes of an Ed25519 key.');
  if (sealingKey.length !== KEY_BYTES) throw bad('The sealing key must be the raw 32 bytes of an X25519 public key.');
  if (!isPlain(name, 1, MAX_NAME_LENGTH)) throw bad(`The name must have 1 to ${MAX_NAME_LENGTH} characters.`);
  if (!isPlain(version, 0, MAX_VERSION_LENGTH)) throw bad(`The version must have at most ${MAX_VERSION_LENGTH} characters.`);
  if (enrolmentToken.length > MAX_TOKEN_LENGTH) throw bad(`The enrolment token must have at most ${MAX_TOKEN_LENGTH} characters.`);
  return { ...registration, namespace };
}

function bad(detail: string): Error {
  return new gatewayErrors.badRegistration({}, { detail });
}

function isPlain(text: string, minLength: number, maxLength: number): boolean {
  return text.length >= minLength && text.length <= maxLength && !/\p{Cc}/u.test(text);
}
