/** Takes one sentence at a time. */
export type Log = (message: string) => void;
