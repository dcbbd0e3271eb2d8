/** The call of a gateway that payloads are queued with. */
export interface ControlCalls {
  queueControlPayload(request: { payload: Buffer; correlationId: string; metadata: Record<string, string> }): Promise<{ success: boolean; errorMessage: string; pendingCount: bigint }>;
}

export interface ControlPayloadOptions {
  /** Comes out in the studio as it is; at most 256 bytes. */
  correlationId?: string;
  /** At most 16 KiB. Names that begin with `sluice.` are the platform's. */
  metadata?: Record<string, string>;
}

/**
 * From the plugin's half on a gateway to its half in the studio. Needs the scope `control.send`; a plugin that has it also runs in the
 * studio, where `acceptEdgePayload` is called.
 */
export interface ControlChannel {
  /**
   * Resolves when the payload, at most 1 MB, is on the gateway's disk: from then on it reaches the studio at least once and in the order of
   * these calls. Throws the sentence of the gateway when it does not take the payload, and one of its own in the studio.
   * @returns how many payloads of this plugin the studio does not have yet.
   */
  send(payload: Uint8Array | string, options?: ControlPayloadOptions): Promise<number>;
}

export class HostControlChannel implements ControlChannel {
  constructor(private readonly calls: () => ControlCalls) {}

  async send(payload: Uint8Array | string, { correlationId = '', metadata = {} }: ControlPayloadOptions = {}): Promise<number> {
    const { success, errorMessage, pendingCount } = await this.calls().queueControlPayload({ payload: Buffer.from(payload), correlationId, metadata });
    if (!success) throw new Error(errorMessage || 'The gateway did not take the payload.');
    return Number(pendingCount);
  }
}
