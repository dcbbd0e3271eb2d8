/** Bytes that no protobuf decoder takes for a message: field 200 with the two wire types that do not exist, and noise. */
export const GARBAGE: readonly Buffer[] = [Buffer.from('c70cdeadbeef4c8ad1f3aa017bd95e67', 'hex'), Buffer.from('c60c91c3f05be27a', 'hex')];
