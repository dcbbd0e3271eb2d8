/** Bytes that no protobuf decoder takes for a message: the two wire types that do not exist, and noise. */
export const GARBAGE: readonly Buffer[] = [Buffer.from('0fdeadbeef4c8ad1f3aa017bd95e6702', 'hex'), Buffer.from('0e91c3f05be27a', 'hex')];
