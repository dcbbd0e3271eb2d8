import { generateSigningKey } from '@sluice/config-snapshot';
import { ConfigError } from '@sluice/platform-config';
import { readConfig } from './config';

const publicKey = generateSigningKey().publicKeyText;
const sharedKey = Buffer.alloc(32, 7).toString('base64');
const minimal = { SNAPSHOT_PUBLIC_KEYS: publicKey };

const problemsOf = (environment: NodeJS.ProcessEnv) => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).problems;
  }
};

describe('readConfig', () => {
  it('needs the trust settings alone', () => {
    const config = readConfig(minimal);
    expect(config.http).toEqual({ host: '0.0.0.0', port: 8081 });
    expect(config.endpoints).toEqual({ streamTimeoutMs: 300_000, maxBodyBytes: 1_048_576, tellsRevision: false });
    expect(config.identity.namespace).toBe('');
    expect(config.trust.publicKeys.size).toBe(1);
    expect(config.trust.shared).toBeUndefined();
    expect(readConfig({ ...minimal, EDGE_SHARED_KEY: sharedKey }).trust.shared?.tokenHashKey).toHaveLength(32);
    expect(config.link).toEqual({ redisUrl: undefined, studioUrl: undefined, studioGrpcUrl: undefined, enrolmentToken: '' });
  });

  it('enrols with a token of its own before the one that is shared', () => {
    expect(readConfig({ ...minimal, EDGE_JOIN_TOKEN: 'shared' }).link.enrolmentToken).toBe('shared');
    expect(readConfig({ ...minimal, EDGE_JOIN_TOKEN: 'shared', GATEWAY_ENROLMENT_TOKEN: 'sle_own' }).link.enrolmentToken).toBe('sle_own');
  });

  it('pins several public keys', () => {
    const config = readConfig({ ...minimal, SNAPSHOT_PUBLIC_KEYS: `${publicKey}, ${generateSigningKey().publicKeyText},` });
    expect(config.trust.publicKeys.size).toBe(2);
  });

  it('reports every bad variable at once', () => {
    const problems = problemsOf({
      EDGE_SHARED_KEY: 'c2hvcnQ=', SNAPSHOT_PUBLIC_KEYS: 'x', GATEWAY_PORT: '0x50', STUDIO_URL: 'studio', STUDIO_GRPC_URL: 'http://studio:3001',
      PLUGIN_ENDPOINT_STREAM_TIMEOUT: '0s', PLUGIN_ENDPOINT_MAX_BODY_SIZE: 'big', LOG_LEVEL: 'loud',
    });
    for (const variable of ['EDGE_SHARED_KEY', 'SNAPSHOT_PUBLIC_KEYS', 'GATEWAY_PORT', 'STUDIO_URL', 'STUDIO_GRPC_URL', 'PLUGIN_ENDPOINT_STREAM_TIMEOUT', 'PLUGIN_ENDPOINT_MAX_BODY_SIZE', 'LOG_LEVEL']) {
      expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^${variable}: `)));
    }
  });

  it('names the variables that are missing', () => {
    expect(problemsOf({})).toEqual(['SNAPSHOT_PUBLIC_KEYS is required.']);
    expect(problemsOf({ ...minimal, STUDIO_URL: 'http://studio:3000' })).toEqual([expect.stringMatching(/^STUDIO_GRPC_URL/)]);
  });
});
