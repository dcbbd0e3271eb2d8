import type { Clock } from '@sluice/kernel';
import type { HostCertificate } from '../connect/host-certificate';
import { pinnedPair } from '../connect/pinned-pair';
import type { CallWatch, PluginChannel } from '../connect/plugin-channel';
import { PluginConnection } from '../connect/plugin-connection';
import { pacingFor } from '../connect/stream-pace';
import type { Transport } from '../connect/transport';
import type { PluginAddress } from '../handshake/parse-handshake';
import type { OutsideCalls } from './outside-calls';
import { RelayedChannel } from './relayed-channel';

/** How another process of the same host reaches the process of a plugin: values alone, so that it can be sent there. */
export interface PluginLink {
  address: PluginAddress;
  transport: Transport;
  /** How the two know each other, where they have certificates: PEM, and DER of the plugin's. */
  certificates?: { own: HostCertificate; plugin: Uint8Array };
  /** Of the largest message that the plugin may send; any size when it is left out. */
  messageBytes?: number;
  /** What its streams together may move on one connection; any amount when it is left out. */
  streamBytesPerSecond?: number;
  /** It leads to a relay. */
  relayed?: true;
}

/** Hears of what is unusual about a plugin's answers and streams. */
export interface LinkWatch extends CallWatch {
  slowed(bytesPerSecond: number): void;
}

/** What a generation has for the other processes of its host that call it. */
export interface GenerationSharing {
  /** Undefined where there is one connection, and calls have to go through the process that has it. */
  readonly link: PluginLink | undefined;
  readonly calls: OutsideCalls;
  /** Is told what those processes see. */
  readonly watch: LinkWatch;
  /** Resolves when it takes no calls any more and those in progress are lost, for whatever reason. */
  readonly over: Promise<unknown>;
}

/** A connection of its own that a process has to a generation of another one's. */
export interface OpenedLink {
  readonly channel: PluginChannel;
  readonly activeCalls: number;
  /** Those of the calls that are answered by a stream. */
  readonly activeStreams: number;
  /** Ends every call as UNAVAILABLE and lets the connection go. */
  close(): void;
}

/** Nothing is connected before the first call. */
export function openLink(link: PluginLink, watch: LinkWatch, clock: Clock): OpenedLink {
  const { address, transport, certificates, messageBytes } = link;
  const credentials = certificates && pinnedPair(certificates.own, Buffer.from(certificates.plugin)).client;
  const connection = new PluginConnection(address, { transport, messageBytes, ...(credentials && { credentials }) });
  const { calls } = connection;
  calls.watch = watch;
  calls.pacing = pacingFor(link, clock, watch);
  return {
    channel: link.relayed ? new RelayedChannel(calls) : calls,
    get activeCalls() {
      return calls.activeCalls;
    },
    get activeStreams() {
      return calls.activeStreams;
    },
    close: () => connection.close(),
  };
}
