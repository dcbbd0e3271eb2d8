import { AllowedRegistries } from './allowed-registries';
import { parseOciReference } from './parse-oci-reference';

const originOf = (entries: string[], reference: string) => new AllowedRegistries(entries).originFor(parseOciReference(reference));

describe('AllowedRegistries', () => {
  it('encrypts unless the registry is on this machine or an operator says otherwise', () => {
    expect(originOf(['registry.example.com'], 'oci://registry.example.com/echo:1')).toBe('https://registry.example.com');
    expect(originOf(['localhost:5000'], 'oci://localhost:5000/echo:1')).toBe('http://localhost:5000');
    expect(originOf(['https://localhost:5000'], 'oci://localhost:5000/echo:1')).toBe('https://localhost:5000');
    expect(originOf(['http://registry.lan:5000'], 'oci://registry.lan:5000/echo:1')).toBe('http://registry.lan:5000');
  });

  it('lets in what lies below a path, and nothing that only begins like it', () => {
    const entries = ['registry.example.com/team/plugins'];
    expect(originOf(entries, 'oci://registry.example.com/team/plugins/echo:1')).toBe('https://registry.example.com');
    expect(() => originOf(entries, 'oci://registry.example.com/team/plugins-evil/echo:1')).toThrow(expect.objectContaining({ code: 'oci.registryNotAllowed' }));
    expect(() => originOf(entries, 'oci://registry.example.com/other:1')).toThrow('allowed are registry.example.com/team/plugins');
  });

  it('allows nothing by itself, and tells ports apart', () => {
    expect(() => originOf([], 'oci://registry.example.com/echo:1')).toThrow('no registry is allowed. An operator can add it to PLUGIN_REGISTRIES.');
    expect(() => originOf(['registry.example.com'], 'oci://registry.example.com:5000/echo:1')).toThrow(expect.objectContaining({ code: 'oci.registryNotAllowed' }));
  });

  it.each(['', 'ftp://registry', 'user@registry.example.com', 'a b'])('refuses the entry %j', (entry) => {
    expect(() => new AllowedRegistries([entry])).toThrow(expect.objectContaining({ code: 'oci.badReference' }));
  });
});
