/** One event as subscribers see it. */
export interface PlatformEvent {
  id: string;
  topic: string;
  /** `plugin:7` for an event of plugin 7, `platform` for one of the platform. */
  origin: string;
  /** 0 local, 1 from gateway to studio, 2 from studio to gateways. */
  direction: number;
  payload: Buffer;
  /** To which gateways it goes down; `''` are all of them. Default: all. */
  namespaces?: readonly string[];
}
