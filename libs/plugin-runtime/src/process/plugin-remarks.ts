const MEBIBYTE = 1024 * 1024;
/** An answer of this size keeps its host busy for longer than others should wait. */
const LARGE_ANSWER_BYTES = 16 * MEBIBYTE;

/** What a plugin did that others had to be protected from, as sentences for its status. It counts from the host's start on, over all generations. */
export class PluginRemarks {
  private floodBytes = 0;
  private largeAnswers = 0;
  private largestBytes = 0;
  private endlessStreams = 0;
  private refusedMessages = { times: 0, largest: 0, limit: 0 };
  private slowedTo: number | undefined;
  private refused = { times: 0, limit: 0 };
  private coresWanted: number | undefined;

  /** Output was thrown away unread. */
  flooded(bytes: number): void {
    this.floodBytes += bytes;
  }

  /** A message of the plugin arrived. */
  received(bytes: number): void {
    if (bytes < LARGE_ANSWER_BYTES) return;
    this.largeAnswers += 1;
    this.largestBytes = Math.max(this.largestBytes, bytes);
  }

  /** A stream was ended because its time was over. */
  streamTimedOut(): void {
    this.endlessStreams += 1;
  }

  /** A message was larger than it may be. */
  refusedMessage(bytes: number, limit: number): void {
    const { times, largest } = this.refusedMessages;
    this.refusedMessages = { times: times + 1, largest: Math.max(largest, bytes), limit };
  }

  /** Its streams would have moved more than they may. */
  slowed(bytesPerSecond: number): void {
    this.slowedTo = bytesPerSecond;
  }

  /** The kernel refused it another process. */
  refusedProcesses(times: number, limit: number): void {
    this.refused = { times: this.refused.times + times, limit };
  }

  /** It would have used more processor time than it may. */
  heldBack(cores: number): void {
    this.coresWanted = cores;
  }

  list(): string[] {
    const sentences: string[] = [];
    if (this.floodBytes > 0) sentences.push(`It writes more than its host reads: ${mebibytes(this.floodBytes)} of its output were thrown away.`);
    if (this.largeAnswers > 0) sentences.push(`It answered ${times(this.largeAnswers)} with a message of more than ${mebibytes(LARGE_ANSWER_BYTES)}; the largest had ${mebibytes(this.largestBytes)}.`);
    const { times: tooLarge, largest, limit } = this.refusedMessages;
    if (tooLarge > 0) sentences.push(`It was refused ${times(tooLarge)} with a message of more than the ${mebibytes(limit)} that one may have; the largest had ${mebibytes(largest)}.`);
    if (this.slowedTo !== undefined) sentences.push(`Its streams were slowed down for a while: they wanted to move more than the ${mebibytes(this.slowedTo)} a second that they may.`);
    if (this.endlessStreams > 0) sentences.push(`${this.endlessStreams === 1 ? 'One of its streams' : `${this.endlessStreams} of its streams`} did not end within the time that streams have, and had to be ended.`);
    if (this.refused.times > 0) sentences.push(`It was refused another process ${times(this.refused.times)}: it may have ${this.refused.limit}.`);
    if (this.coresWanted !== undefined) sentences.push(`It was held back for a while: it wanted more than the ${this.coresWanted} processor cores that it may use.`);
    return sentences;
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(bytes % MEBIBYTE === 0 ? 0 : 1)} MiB`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
