export * from './conformance';
export * from './plugin-host-suite';
export { DockerRegistry, isRegistryMissing } from '../oci/testing/docker-registry';
export { Publisher } from '../oci/testing/publish';
