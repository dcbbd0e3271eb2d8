import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { experimental, type ServerCredentials } from '@grpc/grpc-js';
import type { Logger } from 'pino';

const LOOK_EVERY_MS = 60_000;

export interface IdentityFiles {
  certificateFile: string;
  keyFile: string;
  /** How often the files are looked at. Default: every minute. */
  lookEveryMs?: number;
}

type Identity = experimental.IdentityCertificateUpdate;
type Listener = experimental.IdentityCertificateUpdateListener;

/**
 * A certificate and its key, read again and again: connections that are made after a renewal see the new one, those that are open go on. A
 * pair that does not fit, as in the middle of a renewal, is left out, and the one before it is shown on.
 */
export class RenewedIdentity implements experimental.CertificateProvider {
  private readonly listeners = new Set<Listener>();
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly files: IdentityFiles,
    private current: Identity,
    private readonly logger: Logger,
  ) {}

  /** Throws what is wrong with the files. */
  static async read(files: IdentityFiles, logger: Logger): Promise<RenewedIdentity> {
    return new RenewedIdentity(files, await readIdentity(files), logger);
  }

  /** For a server of which no client needs a certificate. The files are looked at for as long as it is open. */
  credentials(): ServerCredentials {
    return experimental.createCertificateProviderServerCredentials(this, null, false);
  }

  addIdentityCertificateListener(listener: Listener): void {
    this.listeners.add(listener);
    process.nextTick(listener, this.current);
    this.timer ??= setInterval(() => void this.look(), this.files.lookEveryMs ?? LOOK_EVERY_MS).unref();
  }

  removeIdentityCertificateListener(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  addCaCertificateListener(): void {
    // Plugins show no certificate.
  }

  removeCaCertificateListener(): void {
    // As above.
  }

  private async look(): Promise<void> {
    try {
      const found = await readIdentity(this.files);
      if (found.certificate.equals(this.current.certificate) && found.privateKey.equals(this.current.privateKey)) return;
      this.current = found;
      for (const listener of this.listeners) listener(found);
      this.logger.info({ event: 'plugin.reverse_certificate', file: this.files.certificateFile }, 'The certificate for remote plugins was renewed.');
    } catch (error) {
      this.logger.warn({ event: 'plugin.reverse_certificate', err: error }, 'The certificate for remote plugins cannot be read or does not fit its key; the one before is shown on.');
    }
  }
}

async function readIdentity({ certificateFile, keyFile }: IdentityFiles): Promise<Identity> {
  const [certificate, privateKey] = await Promise.all([readFile(certificateFile), readFile(keyFile)]);
  createSecureContext({ cert: certificate, key: privateKey });
  return { certificate, privateKey };
}
