export * from './conformance';
export { TRANSPORT_CHOICES, type TransportChoice } from '../connect/transport';
export * from './plugin-host-suite';
export { DockerRegistry, isRegistryMissing } from '../oci/testing/docker-registry';
export { Publisher } from '../oci/testing/publish';
