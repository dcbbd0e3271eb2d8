/** 0 stays where it was published, 1 goes from a gateway up to the studio, 2 from the studio down to gateways. */
export const UP = 1;
export const DOWN = 2;

/** An event that goes from one plane to the other. */
export interface LinkedEvent {
  id: string;
  topic: string;
  /** `plugin:7`, `platform`. */
  origin: string;
  direction: number;
  payload: Buffer;
  /** To which gateways it goes down; `''` are all of them. Default: all. */
  namespaces?: readonly string[];
}

/** Of one event. */
export const MAX_EVENT_PAYLOAD_BYTES = 1_048_576;
