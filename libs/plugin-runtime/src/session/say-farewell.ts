import { GRPCControllerService } from '@sluice/contracts/go-plugin';
import { PluginServiceService } from '@sluice/contracts/plugin';
import { callMessage } from '../connect/call-message';
import type { PluginChannel } from '../connect/plugin-channel';

/** Why a plugin is asked to end. Compiled plugins know these two words only. */
export type FarewellReason = 'unload' | 'shutdown';

/**
 * Asks a plugin to end: its session, its own shutdown, then the server. Errors mean that it is on its way already, so they are ignored;
 * whether it has ended is for the caller to see.
 */
export async function sayFarewell(channel: PluginChannel, reason: FarewellReason, stepMs: number): Promise<void> {
  await callMessage(channel, PluginServiceService.closeSession, { reason }, stepMs).catch(() => undefined);
  await callMessage(channel, PluginServiceService.shutdown, { timeoutSeconds: BigInt(Math.ceil(stepMs / 1_000)) }, stepMs).catch(() => undefined);
  await callMessage(channel, GRPCControllerService.shutdown, {}, stepMs).catch(() => undefined);
}
