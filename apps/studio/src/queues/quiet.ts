import { Queue, Worker } from 'bullmq';

const ignore = (): void => undefined;

/** Without a listener BullMQ writes errors to the console. QueueWatch listens as soon as everything is there; these are quiet until then. */
export class QuietQueue extends Queue {
  constructor(...options: ConstructorParameters<typeof Queue>) {
    super(...options);
    this.on('error', ignore);
  }
}

export class QuietWorker extends Worker {
  constructor(...options: ConstructorParameters<typeof Worker>) {
    super(...options);
    this.on('error', ignore);
  }
}
