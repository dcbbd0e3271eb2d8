import {
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  ResponderBuilder,
  status as Status,
  type Metadata,
  type ServiceDefinition,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { BrokerService } from '../broker/broker-server';
import { measuredDefinition } from '../broker/gated-service';
import { ReverseTokens } from './reverse-tokens';

type Unary = (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => void;
type Stream = ServerWritableStream<unknown, unknown>;

const NO_TOKEN = { code: Status.UNAUTHENTICATED, details: 'The token of this call is not that of a running plugin. Use the newest one that Initialize brought.' };

/** What one generation may call, and what it has open. */
class Holder {
  readonly streams = new Set<Stream>();

  constructor(private readonly services: readonly BrokerService[]) {}

  handler(service: number, method: string): UntypedHandleCall | undefined {
    return this.services[service]?.implementation[method];
  }
}

/** The services of all remote plugins on one server: each call goes to those of the generation whose token it carries. */
export class ReverseServices {
  private readonly tokens = new ReverseTokens<Holder>();
  readonly services: readonly BrokerService[];

  constructor(definitions: readonly ServiceDefinition[]) {
    this.services = definitions.map((definition, index) => ({ definition: measuredDefinition(definition), implementation: this.implement(definition, index) }));
  }

  /** Calls with this token are answered by these services, which are in the order of the definitions, until `revoke`; that ends their streams. */
  admit(services: readonly BrokerService[]): { token: string; revoke: () => void } {
    const holder = new Holder(services);
    const { token, revoke } = this.tokens.issue(holder);
    return {
      token,
      revoke: () => {
        revoke();
        for (const stream of holder.streams) stream.emit('error', NO_TOKEN);
      },
    };
  }

  /** Ends a call without a good token before its message is read. */
  readonly interceptor: ServerInterceptor = (_method, call) => {
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        if (this.holderOf(metadata)) next(metadata);
        else call.sendStatus(NO_TOKEN);
      })
      .build();
    return new ServerInterceptingCall(call, new ResponderBuilder().withStart((next) => next(listener)).build());
  };

  private implement(definition: ServiceDefinition, service: number): UntypedServiceImplementation {
    return Object.fromEntries(Object.entries(definition).map(([name, { responseStream }]) => [name, responseStream ? this.stream(service, name) : this.unary(service, name)]));
  }

  private unary(service: number, method: string): Unary {
    return (call, callback) => {
      const handler = this.holderOf(call.metadata)?.handler(service, method) as Unary | undefined;
      if (handler) handler(call, callback);
      else callback(NO_TOKEN);
    };
  }

  private stream(service: number, method: string): (call: Stream) => void {
    return (call) => {
      const holder = this.holderOf(call.metadata);
      const handler = holder?.handler(service, method) as ((call: Stream) => void) | undefined;
      if (!holder || !handler) return void call.emit('error', NO_TOKEN);
      holder.streams.add(call);
      call.once('close', () => holder.streams.delete(call));
      handler(call);
    };
  }

  private holderOf(metadata: Metadata): Holder | undefined {
    return this.tokens.holderOf(metadata.get('authorization')[0]);
  }
}
